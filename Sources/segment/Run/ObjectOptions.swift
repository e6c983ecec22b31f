import ArgumentParser
import Models

/// Which objects are kept and how they are found, for models that find objects.
struct ObjectOptions: ParsableArguments {
    @Option(help: "How many objects are kept, the surest ones (default: as the official code).")
    var topK: Int?

    @Option(help: "The score, from 0 to 1, that an object must exceed.")
    var score: Float?

    @Option(help: "The classes that are kept, names or ids with commas: person,dog or 1,14.")
    var classes: String?

    @Option(
        help: "A text file with the classes' names: the first line names class 1.",
        completion: .file())
    var classNames: String?

    @Option(
        help: """
            How many frames are seen together, where not the whole video is (default: as many as \
            --memory allows, or what the official code takes).
            """)
    var clipLength: Int?

    @Option(help: "How many frames lie between the beginnings of two clips.")
    var clipStride: Int?

    func validate() throws {
        func check(_ option: String, _ value: Int?, _ allowed: ClosedRange<Int>) throws {
            guard let value, !allowed.contains(value) else { return }
            throw ValidationError(
                "--\(option) is \(value); it takes a number from \(allowed.lowerBound) to "
                    + "\(allowed.upperBound)")
        }
        try check("top-k", topK, 1...65536)
        try check("clip-length", clipLength, 1...1024)
        try check("clip-stride", clipStride, 1...1024)
        if let score, !(score >= 0 && score <= 1) {
            throw ValidationError("--score is \(score); it takes a number from 0 to 1")
        }
        if let clipLength, let clipStride, clipStride > clipLength {
            throw ValidationError(
                "--clip-stride is \(clipStride), more than --clip-length \(clipLength): frames would be "
                    + "in no clip")
        }
    }

    /// Adds what was asked for to `options`; `names` are those of the model's classes, by id.
    func apply(
        to options: inout SessionOptions, of model: any SegmentationModel, names: [Int: String]
    ) throws {
        options.topK = topK
        options.scoreThreshold = score
        options.clipLength = clipLength
        options.clipStride = clipStride
        guard let classes else { return }
        // A model that finds no objects refuses the option itself, whatever the classes.
        options.categories =
            model is any DenseSegmentationModel ? [] : try Self.ids(of: classes, among: names)
    }

    /// The names of the model's classes, by id: those of `--class-names`, or the model's own.
    func names(of model: any SegmentationModel) throws -> [Int: String] {
        guard let classNames else {
            return Dictionary(
                model.categories.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        }
        let lines = try SmallFile.lines(of: classNames, purpose: "names of classes")
        return Dictionary(uniqueKeysWithValues: lines.enumerated().map { ($0 + 1, $1) })
    }

    /// The ids of the classes that a person typed.
    private static func ids(of classes: String, among names: [Int: String]) throws -> Set<Int> {
        let words = classes.split(separator: ",", omittingEmptySubsequences: false)
            .map { plain(String($0)) }
        return Set(
            try words.flatMap { word -> [Int] in
                if let id = Int(word) {
                    guard names.isEmpty || names[id] != nil else {
                        throw Failure(
                            .usage,
                            "--classes: there is no class \(id); the model's are "
                                + "\(names.keys.min() ?? 0) to \(names.keys.max() ?? 0)")
                    }
                    return [id]
                }
                let fitting = names.filter { plain($0.value) == word }.map(\.key)
                guard fitting.isEmpty else { return fitting }
                throw unknown(word, names)
            })
    }

    private static func unknown(_ word: String, _ names: [Int: String]) -> Failure {
        guard !names.isEmpty else {
            return Failure(
                .usage,
                "--classes: the names of the model's classes are not known; --class-names FILE gives "
                    + "them, or use their ids")
        }
        let sorted = names.sorted { $0.key < $1.key }.map(\.value)
        let near = NearNames.of(word, among: sorted)
        return Failure(
            .usage,
            "--classes: there is no class '\(word)'; "
                + (near.isEmpty
                    ? "there are \(sorted.joined(separator: ", "))"
                    : "there is \(near.joined(separator: ", "))"))
    }

    /// A name without case, and with one kind of gap.
    private static func plain(_ name: String) -> String {
        String(
            name.lowercased().drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
                .map { $0 == " " || $0 == "-" ? "_" : $0 })
    }
}

import ArgumentParser
import Models

/// What a run writes.
enum OutputKind: String, CaseIterable {
    case overlay
    case masks
    case soft
    case overlayFrames = "overlay-frames"
    case jsonl
    case results
    case objects

    /// Whether it is a folder of images; the others are files.
    var isFolder: Bool {
        switch self {
        case .masks, .soft, .overlayFrames, .objects: true
        case .overlay, .jsonl, .results: false
        }
    }

    /// Refuses kinds that a model cannot give.
    static func check(_ kinds: Set<OutputKind>, for model: any SegmentationModel) throws {
        let classes = (model as? any DenseSegmentationModel)?.classes
        guard classes == 1 || !kinds.contains(.soft) else {
            throw Failure(
                .usage,
                "soft masks need a model with one class, and this one "
                    + (classes.map { "has \($0)" } ?? "finds objects")
                    + "; leave 'soft' out of --outputs")
        }
        for kind in [OutputKind.results, .objects] where classes != nil && kinds.contains(kind) {
            throw Failure(
                .usage,
                "'\(kind.rawValue)' needs a model that finds objects, and this one labels pixels; leave it "
                    + "out of --outputs")
        }
    }
}

extension Set<OutputKind> {
    /// The kinds that a person typed, with commas between them.
    init(_ text: String) throws {
        let names = text.split(separator: ",", omittingEmptySubsequences: false)
        self = Set(
            try names.map { name in
                guard let kind = OutputKind(rawValue: String(name)) else {
                    let all = OutputKind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("it takes any of \(all), with commas between them")
                }
                return kind
            })
    }
}

/// Where the predictions, the truth and the images of a report are.
public struct ReportSources: Sendable {
    private let request: EvaluationRequest
    private let frames: String?

    /// - Parameters:
    ///   - request: the predictions, and the ground truth where there is one (else empty).
    ///   - frames: a folder of images, or of a folder of images a sequence; nil to look in the data set.
    public init(_ request: EvaluationRequest, frames: String?) {
        self.request = request
        self.frames = frames
    }

    /// The sequences that a metric scores.
    public func sequences(scoredBy metric: any FramewiseMetric) throws -> [ReportSequence] {
        let pairs = try metric.sequences(of: request).sequences
        return pairs.map { pair in
            ReportSequence(
                name: pair.name,
                frames: pair.frames.map {
                    ReportSequence.Frame(
                        name: $0.name, prediction: $0.prediction, groundTruth: $0.groundTruth,
                        image: image($0.name, of: pair.name, isOnly: pairs.count == 1))
                }, comparesObjects: metric.comparesObjects)
        }
    }

    /// The sequences of the predictions alone: `masks` of a run's output folder, or a folder a sequence.
    public func predictedSequences() throws -> [ReportSequence] {
        let root = request.predictions
        try FolderListing.require(root, as: "predictions")
        let name = root.split(separator: "/").last.map(String.init) ?? root
        var folders: [(name: String, path: String)] = []
        for path in ["\(root)/masks", root] where folders.isEmpty {
            if FolderListing.isFolder(path), try !FolderListing.stems(in: path).isEmpty {
                folders = [(name, path)]
            }
        }
        if folders.isEmpty {
            folders = try FolderListing.folders(in: root).compactMap { name in
                let path = ["\(root)/\(name)/masks", "\(root)/\(name)"]
                    .first(where: FolderListing.isFolder)
                guard let path, try !FolderListing.stems(in: path).isEmpty else { return nil }
                return (name, path)
            }
        }
        if let wanted = request.sequences { folders = folders.filter { wanted.contains($0.name) } }
        guard !folders.isEmpty else {
            throw EvaluationError(
                .missingInput,
                "\(root): there are no masks in it; expected masks/FRAME.png as 'segment run' writes them, or SEQUENCE/FRAME.png"
            )
        }
        return try folders.map { folder in
            ReportSequence(
                name: folder.name,
                frames: try FolderListing.stems(in: folder.path).map {
                    ReportSequence.Frame(
                        name: $0, prediction: "\(folder.path)/\($0).png",
                        image: image($0, of: folder.name, isOnly: folders.count == 1))
                }, comparesObjects: true)
        }
    }

    /// The image of a frame, where it is found: in the folder that was named, or as DAVIS lays images out.
    private func image(_ frame: String, of sequence: String, isOnly: Bool) -> String? {
        let truth = request.groundTruth
        var folders =
            frames.map { isOnly ? ["\($0)/\(sequence)", $0] : ["\($0)/\(sequence)"] } ?? []
        if frames == nil, !truth.isEmpty {
            folders = ["\(truth)/JPEGImages/480p/\(sequence)", "\(truth)/JPEGImages/\(sequence)"]
            if truth.contains("Annotations") {
                folders.append(truth.replacing("Annotations", with: "JPEGImages") + "/\(sequence)")
            }
        }
        return folders.flatMap { folder in
            ["jpg", "jpeg", "png", "JPG"].map { "\(folder)/\(frame).\($0)" }
        }.first(where: FolderListing.exists)
    }
}

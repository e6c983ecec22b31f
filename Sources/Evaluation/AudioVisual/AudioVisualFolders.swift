/// The videos of AVSBench on disk: of one class a folder (S4), or in one folder (MS3).
struct AudioVisualFolders {
    private let request: EvaluationRequest

    init(_ request: EvaluationRequest) { self.request = request }

    /// The videos by name, each frame with its prediction.
    ///
    /// - Throws: ``EvaluationError`` that names what is missing.
    func videos() throws -> (videos: [SequencePair], ignored: [String]) {
        try FolderListing.require(request.groundTruth, as: "ground truth")
        try FolderListing.require(request.predictions, as: "predictions")
        let names = try request.sequences ?? leaves(of: request.groundTruth)
        guard !names.isEmpty else {
            throw EvaluationError(
                .badData,
                "\(request.groundTruth): there is no folder of a video with PNG files in it")
        }
        var problems: [String] = []
        let videos = try names.compactMap { name -> SequencePair? in
            let folder = "\(request.groundTruth)/\(name)"
            guard FolderListing.isFolder(folder) else {
                problems.append("\(request.groundTruth): the video \(name) is missing")
                return nil
            }
            guard let predicted = predictions(of: name) else {
                problems.append("\(request.predictions): the video \(name) is missing")
                return nil
            }
            return try pair(name, folder, predicted, &problems)
        }
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        let used = Set(names)
        let ignored = try leaves(of: request.predictions).filter { leaf in
            !used.contains(leaf) && !used.contains { $0.hasSuffix("/\(leaf)") }
        }.map { "\(request.predictions)/\($0): a folder that is no video to be scored" }
        return (videos, ignored)
    }

    private func predictions(of name: String) -> String? {
        let last = name.split(separator: "/").last.map(String.init) ?? name
        return ["\(request.predictions)/\(name)", "\(request.predictions)/\(last)"]
            .first(where: FolderListing.isFolder)
    }

    /// The official code writes predictions numbered from 0 for masks numbered from 1: where no name fits, the order does.
    private func pair(
        _ name: String, _ truth: String, _ predicted: String, _ problems: inout [String]
    ) throws -> SequencePair? {
        let frames = try FolderListing.stems(in: truth)
        let given = try FolderListing.stems(in: predicted)
        let names = Set(given)
        let fitting = frames.count(where: names.contains)
        // "..._1" to "..._5" and "..._0" to "..._4" share names and yet pair by order.
        let byOrder = fitting < frames.count && given.count == frames.count
        guard byOrder || fitting == frames.count else {
            problems += frames.filter { !names.contains($0) }.map {
                "\(predicted): the frame \($0).png is missing in the predictions"
            }
            return nil
        }
        let pairs = frames.enumerated().map { index, frame in
            FramePair(
                sequence: name, name: frame,
                prediction: "\(predicted)/\(byOrder ? given[index] : frame).png",
                groundTruth: "\(truth)/\(frame).png")
        }
        guard let first = pairs.first else {
            problems.append("\(truth): there is no PNG file in this video of the ground truth")
            return nil
        }
        return SequencePair(name: name, frames: pairs, firstGroundTruth: first.groundTruth)
    }

    /// The folders, at most two deep, that hold PNG files.
    private func leaves(of root: String) throws -> [String] {
        try FolderListing.folders(in: root).flatMap { name -> [String] in
            let inner = try FolderListing.folders(in: "\(root)/\(name)")
            return inner.isEmpty ? [name] : inner.map { "\(name)/\($0)" }
        }
    }
}

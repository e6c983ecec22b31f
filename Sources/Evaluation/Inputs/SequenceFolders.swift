/// Predictions and ground truth as folders of sequences, `SEQUENCE/FRAME.png`.
struct SequenceFolders {
    /// The folder of the predictions' sequences.
    let predictions: String

    /// The folder of the ground truth's sequences.
    let groundTruth: String

    /// The sequences to score; nil for all of the ground truth.
    let names: [String]?

    /// The folder of the frames in a sequence of the ground truth; empty where they lie in it directly.
    var subfolder = ""

    /// Pairs the frames of the ground truth with the predictions by name.
    ///
    /// - Parameter scored: which of a sequence's frames are scored.
    /// - Throws: ``EvaluationError`` that names every sequence and frame that is missing.
    func pairs(
        scored: ([String]) -> ArraySlice<String> = { $0[...] }
    ) throws -> (sequences: [SequencePair], ignored: [String]) {
        try FolderListing.require(groundTruth, as: "ground truth")
        try FolderListing.require(predictions, as: "predictions")
        var problems: [String] = []
        var ignored: [String] = []
        let found = try FolderListing.folders(in: groundTruth)
        let names = names ?? found
        guard !names.isEmpty else {
            throw EvaluationError(
                .badData, "\(groundTruth): there is no folder of a sequence in the ground truth")
        }
        let present = Set(found)
        var sequences: [SequencePair] = []
        for name in names {
            guard present.contains(name) else {
                problems.append(
                    "\(groundTruth): the sequence \(name) has no folder in the ground truth")
                continue
            }
            let folder = "\(groundTruth)/\(name)" + (subfolder.isEmpty ? "" : "/\(subfolder)")
            let frames =
                FolderListing.isFolder(folder) ? try FolderListing.stems(in: folder) : []
            guard !frames.isEmpty else {
                problems.append(
                    "\(folder): there is no PNG file in this sequence of the ground truth")
                continue
            }
            let kept = scored(frames)
            guard !kept.isEmpty else {
                problems.append(
                    "\(folder): there are \(frames.count) frames, and none is left to score: the first and the last are not"
                )
                continue
            }
            guard FolderListing.isFolder("\(predictions)/\(name)") else {
                problems.append(
                    "\(predictions): the sequence \(name) is missing in the predictions")
                continue
            }
            let predicted = try Set(FolderListing.stems(in: "\(predictions)/\(name)"))
            problems += kept.filter { !predicted.contains($0) }.map {
                "\(predictions)/\(name): the frame \($0).png is missing in the predictions"
            }
            let extra = predicted.subtracting(frames).count
            if extra > 0 {
                ignored.append(
                    "\(predictions)/\(name): \(extra) frame\(extra == 1 ? "" : "s") without ground truth"
                )
            }
            sequences.append(
                SequencePair(
                    name: name,
                    frames: kept.map {
                        FramePair(
                            sequence: name, name: $0,
                            prediction: "\(predictions)/\(name)/\($0).png",
                            groundTruth: "\(folder)/\($0).png")
                    }, firstGroundTruth: "\(folder)/\(frames[0]).png"))
        }
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        let wanted = Set(names)
        ignored += try FolderListing.folders(in: predictions).filter { !wanted.contains($0) }
            .map { "\(predictions)/\($0): a folder that is no sequence to be scored" }
        return (sequences, ignored)
    }
}

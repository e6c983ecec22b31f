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
        let found = try FolderListing.folders(in: groundTruth)
        let names = names ?? found
        guard !names.isEmpty else {
            throw EvaluationError(
                .badData, "\(groundTruth): there is no folder of a sequence in the ground truth")
        }
        let present = Set(found)
        var problems: [String] = []
        var sequences: [SequencePair] = []
        var extras: [(sequence: String, count: Int)] = []
        for name in names {
            do {
                guard present.contains(name) else {
                    throw EvaluationError(
                        .badData,
                        "\(groundTruth): the sequence \(name) has no folder in the ground truth")
                }
                let (sequence, extra) = try pair(name, scored: scored)
                sequences.append(sequence)
                if extra > 0 { extras.append((name, extra)) }
            } catch let error as EvaluationError {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        let wanted = Set(names)
        let others = try FolderListing.folders(in: predictions).filter { !wanted.contains($0) }
        return (
            sequences,
            described(extras)
                + others.map { "\(predictions)/\($0): a folder that is no sequence to be scored" }
        )
    }

    /// The frames of one sequence that are scored, and how many predictions have no ground truth.
    private func pair(
        _ name: String, scored: ([String]) -> ArraySlice<String>
    ) throws -> (sequence: SequencePair, extra: Int) {
        let folder = "\(groundTruth)/\(name)" + (subfolder.isEmpty ? "" : "/\(subfolder)")
        let frames = FolderListing.isFolder(folder) ? try FolderListing.stems(in: folder) : []
        guard !frames.isEmpty else {
            throw EvaluationError(
                .badData, "\(folder): there is no PNG file in this sequence of the ground truth")
        }
        let kept = scored(frames)
        guard !kept.isEmpty else {
            throw EvaluationError(
                .badData,
                "\(folder): there are \(frames.count) frames, and none is left to score: the first and the last are not"
            )
        }
        guard FolderListing.isFolder("\(predictions)/\(name)") else {
            throw EvaluationError(
                .badData, "\(predictions): the sequence \(name) is missing in the predictions")
        }
        let predicted = try Set(FolderListing.stems(in: "\(predictions)/\(name)"))
        let missing = kept.filter { !predicted.contains($0) }
        guard missing.isEmpty else {
            throw EvaluationError(
                problems: missing.map {
                    "\(predictions)/\(name): the frame \($0).png is missing in the predictions"
                })
        }
        let pairs = kept.map {
            FramePair(
                sequence: name, name: $0, prediction: "\(predictions)/\(name)/\($0).png",
                groundTruth: "\(folder)/\($0).png")
        }
        return (
            SequencePair(
                name: name, frames: pairs, firstGroundTruth: "\(folder)/\(frames[0]).png"),
            predicted.subtracting(frames).count
        )
    }

    /// A sentence for each sequence with predictions that no ground truth has; one for all where there are many, as
    /// in data sets that annotate a few frames only.
    private func described(_ extras: [(sequence: String, count: Int)]) -> [String] {
        guard extras.count <= 5 else {
            let total = extras.reduce(0) { $0 + $1.count }
            return [
                "\(predictions): \(total) frames of \(extras.count) sequences without ground truth"
            ]
        }
        return extras.map { name, count in
            "\(predictions)/\(name): \(count) frame\(count == 1 ? "" : "s") without ground truth"
        }
    }
}

extension YouTubeObjects {
    /// A shot with its masks.
    struct Shot: Sendable {
        let category: String
        let sequence: String
        let pair: SequencePair
    }

    /// The shots of the ground truth with their predictions.
    func shots(of request: EvaluationRequest) throws -> (shots: [Shot], ignored: [String]) {
        try FolderListing.require(request.groundTruth, as: "YouTube-Objects' masks")
        try FolderListing.require(request.predictions, as: "predictions")
        let wanted = request.sequences.map(Set.init)
        var shots: [Shot] = []
        var problems: [String] = []
        var ignored: [String] = []
        for folder in try labelFolders(in: request.groundTruth) {
            let parts = folder.split(separator: "/").map(String.init)
            guard let place = parts.lastIndex(of: "data"), place > 0, place + 2 < parts.count else {
                ignored.append(
                    "\(request.groundTruth)/\(folder): not CLASS/data/SEQUENCE/.../labels")
                continue
            }
            let (category, sequence) = (parts[place - 1], parts[place + 1])
            let shot = parts[(place + 2)...].filter { !Self.fixedNames.contains($0) }
                .joined(separator: "/")
            let name = "\(category)/\(sequence)/\(shot)"
            if let wanted, wanted.isDisjoint(with: [category, "\(category)/\(sequence)", name]) {
                continue
            }
            let labels = "\(request.groundTruth)/\(folder)"
            let masks = try FolderListing.stems(in: labels, endings: [".jpg", ".png"])
            guard !masks.isEmpty else { continue }
            let mirrored = parts.filter { $0 != "labels" && $0 != "youtube_masks" }
                .joined(separator: "/")
            let places =
                (Self.predictionFolders(category, sequence, shot)
                + [mirrored, "\(mirrored)/frames"])
                .map { "\(request.predictions)/\($0)" }
            guard let predictions = places.first(where: FolderListing.isFolder) else {
                problems.append(
                    "\(request.predictions): the shot \(name) is missing in the predictions")
                continue
            }
            // frame0011 predicts the mask 00011: what counts is the number.
            let predicted = Dictionary(
                try FolderListing.stems(in: predictions).compactMap { stem in
                    Self.number(of: stem).map { ($0, stem) }
                }, uniquingKeysWith: { first, _ in first })
            var frames: [FramePair] = []
            for mask in masks {
                guard let number = Self.number(of: mask), let stem = predicted[number] else {
                    problems.append(
                        "\(predictions): the frame of the mask \(mask) is missing in the predictions"
                    )
                    continue
                }
                let ending = FolderListing.exists("\(labels)/\(mask).jpg") ? "jpg" : "png"
                frames.append(
                    FramePair(
                        sequence: name, name: mask, prediction: "\(predictions)/\(stem).png",
                        groundTruth: "\(labels)/\(mask).\(ending)"))
            }
            if let first = frames.first {
                shots.append(
                    Shot(
                        category: category, sequence: sequence,
                        pair: SequencePair(
                            name: name, frames: frames, firstGroundTruth: first.groundTruth)))
            }
        }
        if shots.isEmpty, problems.isEmpty {
            problems.append(
                "\(request.groundTruth): there is no folder CLASS/data/SEQUENCE/.../labels with masks"
            )
        }
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        return (shots, ignored)
    }

    /// Folders that name no part of the data.
    private static let fixedNames: Set = ["shots", "youtube_masks", "labels"]

    /// Where the predictions of a shot may lie: short, as the script saves them, or in a folder like that of the shot.
    private static func predictionFolders(
        _ category: String, _ sequence: String, _ shot: String
    ) -> [String] {
        let base = "\(category)/data/\(sequence)"
        return [
            "\(category)/\(sequence)/\(shot)", "\(base)/\(shot)/youtube_masks", "\(base)/\(shot)",
        ]
    }

    /// The number at the end of a name.
    private static func number(of name: String) -> Int? {
        Int(String(name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()))
    }

    /// The folders named `labels` below `root`, by paths relative to it, in order.
    private func labelFolders(in root: String) throws -> [String] {
        var found: [String] = []
        func search(_ folder: String) throws {
            for name in try FolderListing.folders(in: folder.isEmpty ? root : "\(root)/\(folder)") {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                if name == "labels" { found.append(path) } else { try search(path) }
            }
        }
        try search("")
        return found
    }
}

/// J and F of every object, given the first frame, as the DAVIS-2017 code counts them.
struct DAVIS2017: FramewiseMetric {
    let name = "davis17"
    let title = "DAVIS-2017, semi-supervised: J and F of every object"
    let officialCode =
        "github.com/davisvideochallenge/davis2017-evaluation, --task semi-supervised"
    let predictions =
        "A folder of sequences, SEQUENCE/FRAME.png; the palette's index is the object's id."
    let groundTruth =
        "The DAVIS-2017 data set (Annotations/480p, ImageSets/2017), of which --split is scored (default: val), or a folder of sequences; the palette's index is the object's id, 255 is background."
    let remarks = [
        "The first and the last frame of a sequence are not scored.",
        "The objects of a sequence are those up to the largest id of its first annotation; one that appears later is not scored.",
        "The overall numbers are means over all objects of all sequences.",
        "With 258 frames or more the decay is not what is published: the code keeps frame numbers in 8 bits.",
    ]

    var comparesObjects: Bool { true }

    func sequences(of request: EvaluationRequest) throws -> (
        sequences: [SequencePair], ignored: [String]
    ) {
        try DAVISLayout.folders(of: request, annotations: "Annotations", lists: ["2017"])
            .pairs { $0.dropFirst().dropLast() }
    }

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let (sequences, passedOver) = try sequences(of: request)
        var ignored = passedOver
        let objectCounts = try FramePass.map(sequences) { sequence in
            try LabelMap(path: sequence.firstGroundTruth).largestID(butVoid: Self.void)
        }
        let scores = try FramePass.map(framesOf: sequences) { frame, sequence in
            try FrameScores(frame, objects: objectCounts[sequence])
        }
        var rows: [ScoreTable.Row] = []
        for (position, sequence) in sequences.enumerated() {
            let objects = objectCounts[position]
            let scores = scores[position]
            if objects == 0 {
                ignored.append(
                    "\(sequence.firstGroundTruth): no object, so its sequence is not scored")
            }
            let later = Set(scores.flatMap(\.unscored)).sorted()
            if !later.isEmpty {
                ignored.append(
                    "\(sequence.name): object\(later.count == 1 ? "" : "s") "
                        + "\(later.map(String.init).joined(separator: ", ")) of the ground truth, "
                        + "not in its first frame")
            }
            rows += (0..<objects).map { object in
                ScoreTable.Row(
                    "\(sequence.name)_\(object + 1)",
                    DAVISStatistics(scores.map { $0.regions[object] }).values
                        + DAVISStatistics(scores.map { $0.boundaries[object] }).values)
            }
        }
        let means = DAVISStatistics.columns.indices.map { column in
            pairwiseMean(rows.map { $0.values[column] })
        }
        return EvaluationReport(
            self, overall: DAVISStatistics.overall(means),
            tables: [ScoreTable(kind: "object", columns: DAVISStatistics.columns, rows: rows)],
            frames: FrameTable(columns: ["J", "F"], rows: scores.flatMap { $0.flatMap(\.rows) }),
            ignored: ignored)
    }

    /// What marks pixels that are nobody's in the ground truth.
    static let void: UInt8 = 255

    /// The scores of all objects in one frame.
    private struct FrameScores: Sendable {
        let frame: FramePair
        let regions: [Double]
        let boundaries: [Double]

        /// Objects of the ground truth beyond those of the first frame.
        let unscored: [Int]

        init(_ frame: FramePair, objects: Int) throws {
            let groundTruth = try LabelMap(path: frame.groundTruth)
            let prediction = try LabelMap(path: frame.prediction)
            try prediction.requireSize(of: groundTruth)
            let largest = prediction.largestID()
            guard largest <= objects else {
                throw EvaluationError(
                    .badData,
                    "\(frame.prediction): a pixel has index \(largest), but the sequence has \(objects) "
                        + "object\(objects == 1 ? "" : "s"): an index is the id of an object in \(frame.sequence)'s first annotation"
                )
            }
            let disk = Disk(height: groundTruth.height, width: groundTruth.width)
            // Quirk: no pixel is void here; what is marked so counts as background.
            let pairs = (0..<objects).map { object in
                let id = UInt8(object + 1)
                return (prediction.mask(of: id), groundTruth.mask(of: id))
            }
            self.frame = frame
            regions = pairs.map { regionSimilarity($0, $1) }
            boundaries = pairs.map {
                boundaryAccuracy(Boundary(of: $0), Boundary(of: $1), in: disk)
            }
            let occurs = groundTruth.occurringIDs()
            unscored = (objects + 1..<Int(DAVIS2017.void)).filter { occurs[$0] }
        }

        var rows: [FrameTable.Row] {
            regions.indices.map { object in
                FrameTable.Row(
                    sequence: frame.sequence, frame: frame.name, object: object + 1,
                    values: [regions[object], boundaries[object]])
            }
        }
    }
}

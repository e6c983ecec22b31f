import Masks

/// J and F of object proposals, matched to the objects, as the DAVIS-2017 code counts them.
struct DAVIS2017Unsupervised: FramewiseMetric {
    let name = "davis17-unsupervised"
    let title = "DAVIS-2017, unsupervised: J and F of proposals, matched to objects"
    let officialCode = "github.com/davisvideochallenge/davis2017-evaluation, --task unsupervised"
    let predictions =
        "A folder of sequences, SEQUENCE/FRAME.png; the palette's index is the proposal's id, at most 20."
    let groundTruth =
        "The DAVIS-2017 data set (Annotations_unsupervised/480p, ImageSets/2017), of which --split is scored (default: val), or a folder of sequences; the palette's index is the object's id, 255 is void."
    let remarks = [
        "All frames of a sequence are scored; void pixels count for nothing.",
        "Proposals are matched to objects once a sequence, so that the mean of J and F over all frames is the highest.",
        "The official code numbers a sequence's rows by the proposals that were matched, in their order, not by the objects; so does the table.",
        "The overall numbers are means over all objects of all sequences.",
        "With 256 frames or more the decay is not what is published: the code keeps frame numbers in 8 bits.",
    ]

    /// The most proposals a sequence may have.
    private static let mostProposals = 20

    func sequences(of request: EvaluationRequest) throws -> (
        sequences: [SequencePair], ignored: [String]
    ) {
        try DAVISLayout.folders(
            of: request, annotations: "Annotations_unsupervised", lists: ["2017", "2019"]
        ).pairs()
    }

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let (sequences, passedOver) = try sequences(of: request)
        var ignored = passedOver
        let objectCounts = try FramePass.map(sequences) { sequence in
            try LabelMap(path: sequence.firstGroundTruth).largestID(butVoid: DAVIS2017.void)
        }
        let scores = try FramePass.map(framesOf: sequences) { frame, sequence in
            try FrameScores(frame, objects: objectCounts[sequence])
        }
        var rows: [ScoreTable.Row] = []
        var frameRows: [FrameTable.Row] = []
        for (position, sequence) in sequences.enumerated() {
            let objects = objectCounts[position]
            let scores = scores[position]
            guard objects > 0 else {
                ignored.append(
                    "\(sequence.firstGroundTruth): no object, so its sequence is not scored")
                continue
            }
            let matches = Self.matches(scores, objects: objects)
            rows += matches.enumerated().map { index, match in
                ScoreTable.Row(
                    "\(sequence.name)_\(index + 1)",
                    DAVISStatistics(match.regions).values + DAVISStatistics(match.boundaries).values
                        + [Double(match.object), Double(match.proposal)])
            }
            for (place, frame) in sequence.frames.enumerated() {
                frameRows += matches.sorted { $0.object < $1.object }.map { match in
                    FrameTable.Row(
                        sequence: frame.sequence, frame: frame.name, object: match.object,
                        values: [match.regions[place], match.boundaries[place]])
                }
            }
        }
        let means = DAVISStatistics.columns.indices.map { column in
            pairwiseMean(rows.map { $0.values[column] })
        }
        return EvaluationReport(
            self, overall: DAVISStatistics.overall(means),
            tables: [
                ScoreTable(
                    kind: "object", columns: DAVISStatistics.columns + ["object", "proposal"],
                    rows: rows)
            ],
            frames: FrameTable(columns: ["J", "F"], rows: frameRows), ignored: ignored)
    }

    /// An object with the proposal that was matched to it, both numbered from 1.
    private struct Match {
        let proposal: Int
        let object: Int
        let regions: [Double]
        let boundaries: [Double]
    }

    private static func matches(_ frames: [FrameScores], objects: Int) -> [Match] {
        // Where there are fewer proposals than objects, empty ones are added.
        let proposals = max(objects, frames.map(\.largestProposal).max() ?? 0)
        let pairs = (1...proposals).map { proposal in
            (0..<objects).map { object in
                Match(
                    proposal: proposal, object: object + 1,
                    regions: frames.map { $0.region(proposal, object) },
                    boundaries: frames.map { $0.boundary(proposal, object) })
            }
        }
        let costs = pairs.map { row in
            row.map { -(pairwiseMean($0.regions) + pairwiseMean($0.boundaries)) / 2 }
        }
        return cheapestAssignment(costs).map { pairs[$0.row][$0.column] }
    }

    /// The scores of each proposal with each object in one frame.
    private struct FrameScores: Sendable {
        /// The largest id of a proposal.
        let largestProposal: Int

        /// Of each proposal that occurs, by id: J and F with each object.
        private let regions: [Int: [Double]]
        private let boundaries: [Int: [Double]]

        /// The same of a proposal without a pixel.
        private let emptyRegions: [Double]
        private let emptyBoundaries: [Double]

        init(_ frame: FramePair, objects: Int) throws {
            let groundTruth = try LabelMap(path: frame.groundTruth)
            let prediction = try LabelMap(path: frame.prediction)
            try prediction.requireSize(of: groundTruth)
            largestProposal = prediction.largestID()
            guard largestProposal <= mostProposals else {
                throw EvaluationError(
                    .badData,
                    "\(frame.prediction): a pixel has index \(largestProposal), but at most \(mostProposals) proposals are allowed"
                )
            }
            let disk = Disk(height: groundTruth.height, width: groundTruth.width)
            let void = groundTruth.mask(of: DAVIS2017.void)
            let truths = (0..<objects).map { object in
                Shape(groundTruth.mask(of: UInt8(object + 1)))
            }
            var regions: [Int: [Double]] = [:]
            var boundaries: [Int: [Double]] = [:]
            let occurs = prediction.occurringIDs()
            for id in 1..<mostProposals + 1 where occurs[id] {
                let proposal = Shape(prediction.mask(of: UInt8(id)).subtracting(void))
                regions[id] = truths.map { regionSimilarity(proposal.mask, $0.mask) }
                boundaries[id] = truths.map {
                    boundaryAccuracy(proposal.boundary, $0.boundary, in: disk)
                }
            }
            self.regions = regions
            self.boundaries = boundaries
            emptyRegions = truths.map { $0.mask.isEmpty ? 1 : 0 }
            emptyBoundaries = truths.map { $0.boundary.count == 0 ? 1 : 0 }
        }

        func region(_ proposal: Int, _ object: Int) -> Double {
            regions[proposal]?[object] ?? emptyRegions[object]
        }

        func boundary(_ proposal: Int, _ object: Int) -> Double {
            boundaries[proposal]?[object] ?? emptyBoundaries[object]
        }
    }

    /// A mask with its boundary.
    private struct Shape {
        let mask: BitMask
        let boundary: Boundary

        init(_ mask: BitMask) {
            self.mask = mask
            boundary = Boundary(of: mask)
        }
    }
}

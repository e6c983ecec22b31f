import Media

/// IoU by class on YouTube-Objects, as MED-VT's evaluation counts it.
struct YouTubeObjects: FramewiseMetric {
    let name = "youtube-objects"
    let title = "YouTube-Objects: mean IoU by class"
    let officialCode = "github.com/rkyuca/medvt, avos/evals.py (infer_ytbobj_perseqpercls)"
    let predictions =
        "A folder CLASS/SEQUENCE/SHOT/frame0001.png, or with the data set's own folders between; every pixel that is not 0 is the object."
    let groundTruth =
        "The data set's masks, CLASS/data/SEQUENCE/shots/SHOT/labels/00001.jpg (or SHOT/youtube_masks/labels); a gray level of 80 or more is the object."
    let remarks = [
        "The shots of a sequence are pooled; the overall number is the mean over classes of the means over their sequences.",
        "'shots' takes the mean over a class's shots in place of its sequences, as other papers do; the released script does not.",
        "Frames without a mask in the ground truth are passed over.",
    ]

    /// From this gray level on, a pixel of the ground truth is the object's.
    private static let threshold: UInt8 = 80

    func sequences(of request: EvaluationRequest) throws -> (
        sequences: [SequencePair], ignored: [String]
    ) {
        let found = try shots(of: request)
        return (found.shots.map(\.pair), found.ignored)
    }

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let (shots, ignored) = try shots(of: request)
        let scores = try FramePass.map(framesOf: shots.map(\.pair)) { frame, _ in
            let levels = try ImageFile.readGray(frame.groundTruth)
            let prediction = try LabelMap(path: frame.prediction)
            try prediction.requireSize(height: levels.shape[0], width: levels.shape[1])
            let truth = BitMask(levels, atLeast: Self.threshold)
            return FrameTable.Row(
                sequence: frame.sequence, frame: frame.name,
                values: [regionSimilarity(prediction.foreground, truth)])
        }
        let shotScores = scores.map { $0.map { $0.values[0] } }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        var classRows: [ScoreTable.Row] = []
        var sequenceRows: [ScoreTable.Row] = []
        for (category, members) in Self.groups(shots.indices, by: { shots[$0].category }) {
            let sequences = Self.groups(members, by: { shots[$0].sequence }).map { name, shots in
                ScoreTable.Row("\(category)/\(name)", [mean(shots.flatMap { shotScores[$0] })])
            }
            classRows.append(
                ScoreTable.Row(
                    category,
                    [
                        pairwiseMean(sequences.map { $0.values[0] }),
                        pairwiseMean(members.map { mean(shotScores[$0]) }),
                    ]))
            sequenceRows += sequences
        }
        return EvaluationReport(
            self,
            overall: [
                Score("mean IoU", pairwiseMean(classRows.map { $0.values[0] })),
                Score("mean IoU, shots", pairwiseMean(classRows.map { $0.values[1] })),
            ],
            tables: [
                ScoreTable(kind: "class", columns: ["IoU", "IoU, shots"], rows: classRows),
                ScoreTable(kind: "sequence", columns: ["IoU"], rows: sequenceRows),
            ],
            frames: FrameTable(columns: ["IoU"], rows: scores.flatMap(\.self)), ignored: ignored)
    }

    /// The members of a list by a name, the names in the order in which they first appear.
    private static func groups(
        _ members: some Sequence<Int>, by name: (Int) -> String
    ) -> [(name: String, members: [Int])] {
        var groups: [(name: String, members: [Int])] = []
        for member in members {
            let name = name(member)
            if let place = groups.firstIndex(where: { $0.name == name }) {
                groups[place].members.append(member)
            } else {
                groups.append((name, [member]))
            }
        }
        return groups
    }
}

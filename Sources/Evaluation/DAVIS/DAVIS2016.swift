/// J and F of one object a sequence, as the DAVIS-2016 toolkit counts them.
struct DAVIS2016: FramewiseMetric {
    let name = "davis16"
    let title = "DAVIS-2016: region similarity J and boundary accuracy F"
    let officialCode = "github.com/fperazzi/davis, python/tools/eval.py"
    let predictions =
        "A folder of sequences, SEQUENCE/FRAME.png; every pixel that is not 0 is the object."
    let groundTruth =
        "The DAVIS data set (Annotations/480p, ImageSets), of which --split is scored (default: val), or a folder of sequences; every pixel that is not 0 is the object."
    let remarks = [
        "The first and the last frame of a sequence are not scored.",
        "The overall numbers are means over sequences, not over frames.",
        "The decay of a sequence with 258 frames or more is not what is published: the toolkit keeps frame numbers in 8 bits.",
    ]

    func sequences(of request: EvaluationRequest) throws -> (
        sequences: [SequencePair], ignored: [String]
    ) {
        try DAVISLayout.folders(
            of: request, annotations: "Annotations", lists: ["480p", "2016", "2017"]
        ).pairs { $0.dropFirst().dropLast() }
    }

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let (sequences, ignored) = try sequences(of: request)
        let scores = try FramePass.map(framesOf: sequences) { frame, _ in
            let groundTruth = try LabelMap(path: frame.groundTruth)
            let prediction = try LabelMap(path: frame.prediction)
            try prediction.requireSize(of: groundTruth)
            let (mask, truth) = (prediction.foreground, groundTruth.foreground)
            return FrameTable.Row(
                sequence: frame.sequence, frame: frame.name,
                values: [regionSimilarity(mask, truth), boundaryAccuracy(mask, truth)])
        }
        let rows = zip(sequences, scores).map { sequence, frames in
            ScoreTable.Row(
                sequence.name,
                (0..<2).flatMap { column in
                    DAVISStatistics(frames.map { $0.values[column] }).values
                })
        }
        let means = DAVISStatistics.columns.indices.map { column in
            // What is not a number is left out here, unlike in the tools of 2017.
            pairwiseMeanOfNumbers(rows.map { $0.values[column] })
        }
        return EvaluationReport(
            self,
            overall: DAVISStatistics.overall(means),
            tables: [ScoreTable(kind: "sequence", columns: DAVISStatistics.columns, rows: rows)],
            frames: FrameTable(columns: ["J", "F"], rows: scores.flatMap(\.self)), ignored: ignored)
    }
}

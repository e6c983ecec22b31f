/// The mean IoU of DAVIS-2016 that MED-VT's evaluation prints.
struct MEDVTDAVIS: FramewiseMetric {
    let name = "davis16-medvt"
    let title = "DAVIS-2016: mean IoU as MED-VT's own evaluation counts it"
    let officialCode = "github.com/rkyuca/medvt, avos/evals.py (infer_on_davis)"
    let predictions =
        "A folder of sequences, SEQUENCE/FRAME.png; every pixel that is not 0 is the object."
    let groundTruth =
        "The DAVIS data set (Annotations/480p, ImageSets), of which --split is scored (default: val), or a folder of sequences; every pixel that is not 0 is the object."
    let remarks = [
        "All frames are scored, the first and the last too, so it differs from davis16 by about a tenth of a point.",
        "The overall number is the mean over sequences of the means over their frames.",
    ]

    func sequences(of request: EvaluationRequest) throws -> (
        sequences: [SequencePair], ignored: [String]
    ) {
        try DAVISLayout.folders(
            of: request, annotations: "Annotations", lists: ["480p", "2016", "2017"]
        ).pairs()
    }

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let (sequences, ignored) = try sequences(of: request)
        let scores = try FramePass.map(framesOf: sequences) { frame, _ in
            let groundTruth = try LabelMap(path: frame.groundTruth)
            let prediction = try LabelMap(path: frame.prediction)
            try prediction.requireSize(of: groundTruth)
            return FrameTable.Row(
                sequence: frame.sequence, frame: frame.name,
                values: [regionSimilarity(prediction.foreground, groundTruth.foreground)])
        }
        let rows = zip(sequences, scores).map { sequence, frames in
            ScoreTable.Row(sequence.name, [pairwiseMean(frames.map { $0.values[0] })])
        }
        return EvaluationReport(
            self, overall: [Score("mean IoU", pairwiseMean(rows.map { $0.values[0] }))],
            tables: [ScoreTable(kind: "sequence", columns: ["mean IoU"], rows: rows)],
            frames: FrameTable(columns: ["IoU"], rows: scores.flatMap(\.self)), ignored: ignored)
    }
}

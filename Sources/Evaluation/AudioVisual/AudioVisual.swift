/// Masks of what sounds: M_J and M_F of AVSBench.
struct AudioVisual: EvaluationMetric {
    /// How many videos are averaged before the best threshold is chosen.
    let batch: Int

    var name: String { batch == 1 ? "avs" : "avs-medvt" }

    var title: String {
        batch == 1
            ? "AVSBench (S4, MS3): M_J and M_F of sounding objects"
            : "AVSBench (S4, MS3) as MED-VT scores it, in batches of \(batch) videos"
    }

    var officialCode: String {
        batch == 1
            ? "github.com/OpenNLPLab/AVSBench, avs_scripts/*/test.py, utils/utility.py"
            : "github.com/rkyuca/medvt, avs/avs_scripts/*/test_medvt.py, utils/utility.py"
    }

    let predictions =
        "A folder of videos, VIDEO/FRAME.png or CLASS/VIDEO/FRAME.png; gray levels are probabilities, 255 is 1. Files pair by name, or by order where no name fits."
    let groundTruth =
        "A folder of videos of the same form (gt_masks/test); every pixel that is not 0 sounds."

    var remarks: [String] {
        [
            "M_F is the F-measure with beta squared 0.3 at the best of 255 thresholds, chosen for each batch of \(batch) video\(batch == 1 ? "" : "s") and then averaged: it depends on the batches, which are videos by name.",
            "Where nothing sounds, M_J takes the share of rightly empty pixels and M_F passes the frame over; a batch in which nothing sounds has an M_F of 0.",
            "Predictions are read from 8-bit images; the official code scores them unrounded.",
        ]
    }

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let (videos, ignored) = try AudioVisualFolders(request).videos()
        let frames = try FramePass.map(videos.flatMap(\.frames)) { frame in
            let truth = try LabelMap(path: frame.groundTruth)
            let prediction = try LabelMap(path: frame.prediction)
            try prediction.requireSize(of: truth)
            return AudioVisualFrame(prediction: prediction.labels, truth: truth.labels)
        }
        var rest = frames[...]
        let byVideo = videos.map { video in
            defer { rest = rest.dropFirst(video.frames.count) }
            return Array(rest.prefix(video.frames.count))
        }
        let (scored, dropped) = wholeBatches(videos)
        let batches = stride(from: 0, to: scored, by: batch).map {
            AudioVisualBatch(byVideo[$0..<min($0 + batch, scored)].flatMap(\.self))
        }
        return EvaluationReport(
            self,
            overall: [
                Score("M_J", pairwiseMean(batches.map(\.overlap))),
                Score("M_F", pairwiseMean(batches.map(\.measure))),
            ],
            tables: [
                ScoreTable(
                    kind: "sequence", columns: ["M_J", "M_F"],
                    rows: zip(videos, byVideo).map { video, frames in
                        let alone = AudioVisualBatch(frames)
                        return ScoreTable.Row(video.name, [alone.overlap, alone.measure])
                    })
            ],
            frames: FrameTable(
                columns: ["M_J"],
                rows: zip(videos.flatMap(\.frames), frames).map { pair, frame in
                    FrameTable.Row(
                        sequence: pair.sequence, frame: pair.name, values: [Double(frame.overlap)])
                }), ignored: ignored + dropped)
    }

    /// How many videos are scored: MED-VT's loader of S4, whose videos lie by class, drops a last batch that is not full.
    private func wholeBatches(_ videos: [SequencePair]) -> (count: Int, dropped: [String]) {
        let rest = videos.count % batch
        guard rest > 0, videos.count > batch, videos.contains(where: { $0.name.contains("/") })
        else { return (videos.count, []) }
        return (
            videos.count - rest,
            videos.suffix(rest).map {
                "\($0.name): a video of the last batch, which is not full and which the official code drops"
            }
        )
    }
}

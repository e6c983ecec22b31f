/// Average precision of objects in video: YouTube-VIS, OVIS and data sets of their form.
struct YouTubeVIS: EvaluationMetric {
    let name = "youtube-vis"
    let title = "YouTube-VIS and OVIS: average precision and recall of objects"
    let officialCode =
        "github.com/youtubevos/cocoapi, PythonAPI/pycocotools/ytvoseval.py"
    let predictions =
        "results.json: a list of entries with video_id, category_id, score and segmentations, a run-length mask or null a frame."
    let groundTruth =
        "An annotation file of YouTube-VIS's form, such as train.json or OVIS's annotations_train.json; the masks are runs or polygons."
    let remarks = [
        "Numbers are shares, of 1; -1 where there is no object to find.",
        "Small, medium and large go by the mean area over the frames that show an object: to 128 x 128, to 256 x 256, beyond. An area on the edge counts on both sides.",
        "At most 100 predictions of a video and category are looked at; AR1 and AR10 look at 1 and 10.",
        "An annotation with the id 0 cannot be found: the official code takes this id for no match.",
    ]

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let annotations = try VideoAnnotations(contentsOf: request.groundTruth)
        let results = try VideoResults(contentsOf: request.predictions, for: annotations)
        guard let truths = annotations.tracks else {
            throw EvaluationError(
                .badData,
                "\(request.groundTruth): there are no annotations in it, as in every public validation file, so nothing "
                    + "can be scored; the \(results.tracks.count) entries of \(request.predictions) fit its videos and categories: send them to the data set's server"
            )
        }
        let scores = try VideoAveragePrecision(
            categories: annotations.categories, videos: annotations.videos, truths: truths,
            predictions: results.tracks)
        var ignored = annotations.ignored
        if scores.droppedPredictions > 0 {
            ignored.append(
                "\(request.predictions): \(scores.droppedPredictions) entries beyond the 100 surest of their video and category"
            )
        }
        let crowds = truths.count { $0.isCrowd }
        if crowds > 0 {
            ignored.append(
                "\(request.groundTruth): \(crowds) annotation\(crowds == 1 ? "" : "s") of crowds")
        }
        return EvaluationReport(
            self, overall: Self.overall(scores),
            tables: [
                Self.classes(scores, annotations), Self.thresholds(scores),
            ],
            ignored: ignored, remarks: results.remarks)
    }

    /// The twelve numbers of the official summary, by the names that papers give them.
    private static func overall(_ scores: VideoAveragePrecision) -> [Score] {
        [
            Score("AP", scores.precision()),
            Score("AP50", scores.precision(threshold: 0)),
            Score("AP75", scores.precision(threshold: 5)),
            Score("AP small", scores.precision(size: .small)),
            Score("AP medium", scores.precision(size: .medium)),
            Score("AP large", scores.precision(size: .large)),
            Score("AR1", scores.recall(limit: 1)),
            Score("AR10", scores.recall(limit: 10)),
            Score("AR100", scores.recall()),
            Score("AR small", scores.recall(size: .small)),
            Score("AR medium", scores.recall(size: .medium)),
            Score("AR large", scores.recall(size: .large)),
        ]
    }

    private static func classes(
        _ scores: VideoAveragePrecision, _ annotations: VideoAnnotations
    ) -> ScoreTable {
        ScoreTable(
            kind: "class", columns: ["AP", "AP50", "AP75", "AR1", "AR10", "AR100"],
            rows: annotations.categories.indices.map { index in
                ScoreTable.Row(
                    annotations.categories[index].name,
                    [
                        scores.precision(category: index),
                        scores.precision(threshold: 0, category: index),
                        scores.precision(threshold: 5, category: index),
                        scores.recall(category: index, limit: 1),
                        scores.recall(category: index, limit: 10),
                        scores.recall(category: index),
                    ])
            })
    }

    private static func thresholds(_ scores: VideoAveragePrecision) -> ScoreTable {
        ScoreTable(
            kind: "overlap", columns: ["AP", "AR100"],
            rows: VideoAveragePrecision.thresholds.indices.map { index in
                let percent = 50 + 5 * index
                return ScoreTable.Row(
                    "0.\(percent)",
                    [scores.precision(threshold: index), scores.recall(threshold: index)])
            })
    }
}

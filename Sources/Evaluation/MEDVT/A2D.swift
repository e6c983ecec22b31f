import Synchronization

/// Actor-action segmentation: the score of MED-VT's script and the one that other papers print.
struct A2D: FramewiseMetric {
    let name = "a2d"
    let title = "A2D: actors and actions, by MED-VT's script and by pooled classes"
    let officialCode =
        "github.com/rkyuca/medvt, actor_action/evals_a2d.py (new_iou); the pooled numbers have no official code"
    let predictions =
        "A folder of videos, VIDEO/00030.png; the palette's index or gray level is the class, 10 x actor + action."
    let groundTruth =
        "A folder of videos, VIDEO/00030.png, of the same classes; or the A2D data set with videoset.csv, whose test videos are scored."
    let remarks = [
        "MED-VT's IoU is no IoU of classes: of the pixels where truth or prediction is no background, the share whose classes are equal, as a mean over a video's frames, then over videos.",
        "It is not a number where a frame has no such pixel, and so is then the overall number, as in the script.",
        "The pooled numbers come from one table of all pixels; classes that no truth has are left out. Papers other than MED-VT's print these.",
    ]

    /// Classes are numbered below this.
    private static let classCount = 80

    func sequences(of request: EvaluationRequest) throws -> (
        sequences: [SequencePair], ignored: [String]
    ) {
        try layout(of: request).pairs()
    }

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let (sequences, ignored) = try sequences(of: request)
        let pooled = Mutex(LabelHistogram())
        let scores = try FramePass.map(framesOf: sequences) { frame, _ in
            let groundTruth = try LabelMap(path: frame.groundTruth)
            let prediction = try LabelMap(path: frame.prediction)
            try prediction.requireSize(of: groundTruth)
            for map in [groundTruth, prediction] where map.largestID() >= Self.classCount {
                throw EvaluationError(
                    .badData,
                    "\(map.path): a pixel has the class \(map.largestID()), the largest is \(Self.classCount - 1)"
                )
            }
            var histogram = LabelHistogram()
            histogram.add(truth: groundTruth.labels, prediction: prediction.labels)
            pooled.withLock { $0.add(histogram) }
            return histogram.equalShare
        }
        let rows = zip(sequences, scores).map { sequence, frames in
            ScoreTable.Row(sequence.name, [pairwiseMean(frames)])
        }
        let histogram = pooled.withLock { $0 }
        let overlaps = ClassOverlap(classes: Self.classCount) { histogram[$0, $1] }.overlaps
        let classes = overlaps.enumerated().compactMap { label, overlap in
            overlap.map { (label: label, values: [$0, histogram.recall(of: label)]) }
        }
        let frames = zip(sequences, scores).flatMap { sequence, scores in
            zip(sequence.frames, scores).map { frame, score in
                FrameTable.Row(
                    sequence: sequence.name, frame: frame.name, values: [score])
            }
        }
        return EvaluationReport(
            self,
            overall: [
                Score("IoU, MED-VT", pairwiseMean(rows.map { $0.values[0] })),
                Score("class mean IoU, pooled", pairwiseMean(classes.map { $0.values[0] })),
                Score(
                    "class mean IoU, pooled, no background",
                    pairwiseMean(classes.filter { $0.label > 0 }.map { $0.values[0] })),
                Score("pixel accuracy, pooled", histogram.accuracy),
                Score("class mean accuracy, pooled", pairwiseMean(classes.map { $0.values[1] })),
            ],
            tables: [
                ScoreTable(kind: "video", columns: ["IoU, MED-VT"], rows: rows),
                ScoreTable(
                    kind: "class", columns: ["IoU, pooled", "accuracy, pooled"],
                    rows: classes.map {
                        ScoreTable.Row(A2DClasses.name(of: $0.label), $0.values)
                    }),
            ],
            frames: FrameTable(columns: ["IoU, MED-VT"], rows: frames), ignored: ignored)
    }

    private func layout(of request: EvaluationRequest) throws -> SequenceFolders {
        let root = request.groundTruth
        let list = "\(root)/videoset.csv"
        guard FolderListing.exists(list) else {
            return SequenceFolders(
                predictions: request.predictions, groundTruth: root, names: request.sequences)
        }
        let places = ["Annotations/labels", "Annotations/png", "labels"].map { "\(root)/\($0)" }
        guard let folder = places.first(where: FolderListing.isFolder) else {
            throw EvaluationError(
                .missingInput,
                "\(root): there is no folder of label images, looked for \(places.joined(separator: ", ")); A2D's own are .mat files: save each one's reS_id as a PNG of gray levels"
            )
        }
        // The last column is 1 for the videos of the test.
        let test = try CommaSeparatedValues.read(list, as: "A2D's videos").filter { $0.last == "1" }
        return SequenceFolders(
            predictions: request.predictions, groundTruth: folder,
            names: request.sequences ?? test.map { $0[0] })
    }
}

/// The classes of A2D.
enum A2DClasses {
    private static let actors = ["adult", "baby", "ball", "bird", "car", "cat", "dog"]
    private static let actions = [
        "climbing", "crawling", "eating", "flying", "jumping", "rolling", "running", "walking",
        "none",
    ]

    /// `11` is `adult-climbing`, `0` is `background`.
    static func name(of id: Int) -> String {
        let (actor, action) = (id / 10, id % 10)
        guard (1...actors.count).contains(actor), (1...actions.count).contains(action) else {
            return id == 0 ? "background" : "class \(id)"
        }
        return "\(actors[actor - 1])-\(actions[action - 1])"
    }
}

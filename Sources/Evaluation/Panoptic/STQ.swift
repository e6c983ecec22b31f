/// Segmentation and tracking quality, the geometric mean of both.
struct STQ: EvaluationMetric {
    /// Whose files and classes.
    enum Variant: Sendable {
        case kittiStep, motChallengeStep, vipSeg
    }

    let variant: Variant

    var name: String {
        switch variant {
        case .kittiStep: "stq-kitti-step"
        case .motChallengeStep: "stq-motchallenge-step"
        case .vipSeg: "stq-vipseg"
        }
    }

    var title: String {
        let data =
            switch variant {
            case .kittiStep: "KITTI-STEP"
            case .motChallengeStep: "MOTChallenge-STEP"
            case .vipSeg: "VIPSeg"
            }
        return "\(data): segmentation and tracking quality"
    }

    var officialCode: String {
        variant == .vipSeg
            ? "github.com/VIPSeg-Dataset/VIPSeg-Dataset, ClipPanoFCN/eval_stq_vspw.py"
            : "github.com/google-research/deeplab2, evaluation/numpy/segmentation_and_tracking_quality.py"
    }

    var predictions: String {
        variant == .vipSeg
            ? "A folder with pred.json and pan_pred/VIDEO/FRAME.png, COCO-panoptic colours as ids."
            : "A folder of sequences, SEQUENCE/FRAME.png; red is the class, green and blue the number of the track."
    }

    var groundTruth: String {
        variant == .vipSeg
            ? "The annotation file (panoptic_gt_VIPSeg_val.json), beside which is panomasksRGB."
            : "A folder of sequences of the same form (panoptic_maps/val); the class 255 is void, the track 0 of a thing a crowd."
    }

    var remarks: [String] {
        [
            "The overall AQ is a mean over all true tracks, the overall SQ comes from pixels pooled over all sequences.",
            "Void that is predicted on a class's pixels makes void one more class, of overlap 0.",
        ]
            + (variant != .vipSeg
                ? [
                    "deeplab2 counts pixels in single precision, which differs from these numbers by about 1e-7."
                ]
                : [
                    "The script numbers a video's segments from 0 in the order of the annotation file, and 0 is the number of a crowd: if the first is a thing, its track does not count."
                ])
    }

    private var classes: Int {
        switch variant {
        case .kittiStep: 19
        case .motChallengeStep: 7
        case .vipSeg: 124
        }
    }

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        var ignored: [String] = []
        let sequences: [(name: String, quality: TrackingQuality)]
        if variant == .vipSeg {
            sequences = try vipSeg(request)
        } else {
            let things: Set<Int> = variant == .kittiStep ? [11, 13] : [4]
            let pairs = try SequenceFolders(
                predictions: request.predictions, groundTruth: request.groundTruth,
                names: request.sequences
            ).pairs()
            ignored = pairs.ignored
            sequences = try FramePass.map(pairs.sequences) { sequence in
                var quality = TrackingQuality(classes: classes, things: things)
                for frame in sequence.frames { try quality.add(pixels(of: frame)) }
                return (sequence.name, quality)
            }
        }
        return report(sequences, ignored: ignored)
    }

    private func report(
        _ sequences: [(name: String, quality: TrackingQuality)], ignored: [String]
    ) -> EvaluationReport {
        let size = classes + 1
        let pooled = (0..<size).map { truth in
            (0..<size).map { prediction in
                sequences.reduce(0) { $0 + $1.quality.confusion[truth][prediction] }
            }
        }
        let tracks = sequences.reduce(0) { $0 + $1.quality.tracks }
        let association = Self.association(
            sequences.reduce(0) { $0 + $1.quality.associations }, tracks: tracks)
        let segmentation = TrackingQuality.segmentation(pooled)
        return EvaluationReport(
            self,
            overall: [
                Score("STQ", (association * segmentation).squareRoot()),
                Score("AQ", association), Score("SQ", segmentation),
            ],
            tables: [
                ScoreTable(
                    kind: "sequence", columns: ["STQ", "AQ", "SQ", "frames"],
                    rows: sequences.map { name, quality in
                        let association = Self.association(
                            quality.associations, tracks: quality.tracks)
                        let segmentation = TrackingQuality.segmentation(quality.confusion)
                        return ScoreTable.Row(
                            name,
                            [
                                (association * segmentation).squareRoot(), association,
                                segmentation, Double(quality.frames),
                            ])
                    })
            ], ignored: ignored)
    }

    /// 0 where there is no true track.
    private static func association(_ sum: Double, tracks: Int) -> Double {
        sum / max(Double(tracks), 1e-15)
    }

    private typealias Pixels = (
        truth: TrackingQuality.Label, prediction: TrackingQuality.Label, count: Int
    )

    private func pixels(of frame: FramePair) throws -> [Pixels] {
        let pairs = try PairCounts(truth: frame.groundTruth, prediction: frame.prediction) {
            UInt32($0) << 16 | UInt32($1) << 8 | UInt32($2)
        }
        func label(_ id: UInt32, _ path: String) throws -> TrackingQuality.Label {
            let category = Int(id >> 16)
            guard category < classes || category == 255 else {
                throw EvaluationError(
                    .badData,
                    "\(path): a pixel has the class \(category); expected 0 to \(classes - 1), or 255 for void"
                )
            }
            return TrackingQuality.Label(
                category: min(category, classes), instance: Int(id & 0xFFFF))
        }
        return try pairs.counts.map { pair, count in
            (
                try label(pair.truth, frame.groundTruth),
                try label(pair.prediction, frame.prediction), count
            )
        }
    }

    private func vipSeg(
        _ request: EvaluationRequest
    ) throws -> [(name: String, quality: TrackingQuality)] {
        let truth = try PanopticAnnotations(contentsOf: request.groundTruth)
        let prediction = try PanopticAnnotations(contentsOf: "\(request.predictions)/pred.json")
        let things = Set(truth.categories.filter(\.isThing).map(\.id))
        let videos = try PanopticVideo.vipSeg(truth, prediction, predictions: request.predictions)
        for (path, segment) in videos.flatMap(\.frames).flatMap({ frame in
            frame.truth.map { (truth.path, $0) } + frame.prediction.map { (prediction.path, $0) }
        }) where !(0..<classes).contains(segment.category) && segment.category != 255 {
            throw EvaluationError(
                .badData,
                "\(path): the segment \(segment.id) has the category \(segment.category); expected 0 to \(classes - 1)"
            )
        }
        return try FramePass.map(videos) { video in
            let truths = Self.numbers(video.frames.map(\.truth))
            let predictions = Self.numbers(video.frames.map(\.prediction))
            var quality = TrackingQuality(classes: classes, things: things)
            for frame in video.frames {
                let truth = labels(of: frame.truth, truths)
                let prediction = labels(of: frame.prediction, predictions)
                let void = TrackingQuality.Label(category: classes, instance: 255)
                quality.add(
                    try frame.pairs().counts.map { pair, count in
                        (truth[pair.truth] ?? void, prediction[pair.prediction] ?? void, count)
                    })
            }
            return (video.name, quality)
        }
    }

    /// A number for each id, in the order in which the annotations of a video name them.
    private static func numbers(_ frames: [[PanopticAnnotations.Segment]]) -> [UInt32: Int] {
        var numbers: [UInt32: Int] = [:]
        for segment in frames.joined() where numbers[segment.id] == nil {
            numbers[segment.id] = numbers.count
        }
        return numbers
    }

    private func labels(
        of segments: [PanopticAnnotations.Segment], _ numbers: [UInt32: Int]
    ) -> [UInt32: TrackingQuality.Label] {
        Dictionary(
            segments.map {
                (
                    $0.id,
                    TrackingQuality.Label(
                        category: min($0.category, classes), instance: numbers[$0.id] ?? 0)
                )
            }, uniquingKeysWith: { _, last in last })
    }
}

import Media
import Tensor

/// Boxes around camouflaged animals, as MED-VT's evaluation scores them.
package struct MoCA: EvaluationMetric {
    package let name = "moca"
    package let title = "MoCA: overlap of boxes around camouflaged animals, success rates"
    package let officialCode = "github.com/rkyuca/medvt, avos/evals.py (moca_eval)"
    package let predictions =
        "A folder of videos, VIDEO/FRAME.png; gray levels or colours, on above a tenth of 255."
    package let groundTruth =
        "The MoCA data set: annotations.csv and JPEGImages/VIDEO/00000.jpg, whose size the boxes refer to."
    package let remarks = [
        "A mask that covers more than half of the frame's border is inverted; the box is that of the part whose rectangle holds the most mask.",
        "Videos and frames without a prediction or a box are left out, not counted as failures.",
        "The mean IoU is a mean over videos; success rates are shares of all frames whose motion is known.",
    ]

    /// The metric.
    package init() {}

    /// The overlap of one frame's boxes.
    package struct FrameScore: Sendable {
        let video: String
        let frame: String
        let motion: String
        let overlap: Double

        /// The score of a frame.
        package init(video: String, frame: String, motion: String, overlap: Double) {
            self.video = video
            self.frame = frame
            self.motion = motion
            self.overlap = overlap
        }
    }

    private static let thresholds = [0.5, 0.6, 0.7, 0.8, 0.9]
    private static let motions = [
        (id: "0", name: "locomotion"), (id: "1", name: "deformation"), (id: "2", name: "static"),
    ]

    package func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let root = request.groundTruth
        try FolderListing.require(root, as: "MoCA's data set")
        try FolderListing.require(request.predictions, as: "predictions")
        let annotations = try MoCAAnnotations(path: "\(root)/annotations.csv").videos
        let found = try FolderListing.folders(in: request.predictions)
        let names = (request.sequences ?? found).filter { annotations[$0] != nil }
        let (frames, problems) = try self.frames(of: names, request, annotations)
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        let scores = try FramePass.map(frames) { frame in
            FrameScore(
                video: frame.video, frame: frame.name, motion: frame.annotation.motion,
                overlap: Self.overlap(
                    of: try ImageFile.read(frame.path), with: frame.annotation, size: frame.size))
        }
        return report(
            videos: names, scores: scores,
            ignored: ignored(names: names, found: found, annotations, frames, request))
    }

    /// How well the box of a predicted mask agrees with the annotation, which refers to frames of `size`.
    package static func overlap(
        of image: Tensor<UInt8>, with annotation: MoCAAnnotations.Annotation, size: ImageSize
    ) -> Double {
        guard let box = MoCABox.box(of: image) else { return 0 }
        let widthFactor = Double(size.width) / Double(image.shape[1])
        let heightFactor = Double(size.height) / Double(image.shape[0])
        return MoCABox.overlap(
            annotation.box,
            (
                box.left * widthFactor, box.top * heightFactor, box.right * widthFactor,
                box.bottom * heightFactor
            ))
    }

    /// A predicted frame that has a box.
    private struct Frame: Sendable {
        let video: String
        let name: String
        let path: String
        let annotation: MoCAAnnotations.Annotation

        /// The size of the video's own frames.
        let size: ImageSize
    }

    private func frames(
        of names: [String], _ request: EvaluationRequest,
        _ annotations: [String: [String: MoCAAnnotations.Annotation]]
    ) throws -> (frames: [Frame], problems: [String]) {
        var frames: [Frame] = []
        var problems: [String] = []
        for name in names {
            let folder = "\(request.predictions)/\(name)"
            guard FolderListing.isFolder(folder) else {
                problems.append("\(folder): the video is missing in the predictions")
                continue
            }
            let first = "\(request.groundTruth)/JPEGImages/\(name)/00000.jpg"
            guard FolderListing.exists(first) else {
                problems.append(
                    "\(first): the video's first frame, whose size the boxes refer to, is missing")
                continue
            }
            let size = try ImageFile.size(first)
            let scored = try FolderListing.stems(in: folder).compactMap { frame in
                annotations[name]?[frame].map {
                    Frame(
                        video: name, name: frame, path: "\(folder)/\(frame).png", annotation: $0,
                        size: size)
                }
            }
            if scored.isEmpty {
                problems.append("\(folder): no prediction is of a frame that has a box")
            }
            frames += scored
        }
        if names.isEmpty {
            problems.append("\(request.predictions): there is no video that annotations.csv knows")
        }
        return (frames, problems)
    }

    private func ignored(
        names: [String], found: [String],
        _ annotations: [String: [String: MoCAAnnotations.Annotation]], _ frames: [Frame],
        _ request: EvaluationRequest
    ) -> [String] {
        let scored = Set(names)
        var ignored = found.filter { !scored.contains($0) }
            .map { "\(request.predictions)/\($0): a folder that is no video to be scored" }
        let absent = annotations.keys.filter { !scored.contains($0) }.count
        if absent > 0 {
            ignored.append("\(absent) annotated video\(absent == 1 ? "" : "s") without predictions")
        }
        let counts = Dictionary(grouping: frames, by: \.video).mapValues(\.count)
        for name in names {
            let missing = (annotations[name]?.count ?? 0) - (counts[name] ?? 0)
            guard missing > 0 else { continue }
            ignored.append(
                "\(name): \(missing) frame\(missing == 1 ? "" : "s") with a box without a prediction"
            )
        }
        return ignored
    }

    /// The scores of videos from those of their frames.
    package func report(
        videos: [String], scores: [FrameScore], ignored: [String] = []
    ) -> EvaluationReport {
        func mean(_ scores: [FrameScore]) -> Double { pairwiseMean(scores.map(\.overlap)) }
        func rates(_ scores: [FrameScore]) -> [Double] {
            // A motion that is none of the three counts in the means only.
            let known = scores.filter { score in Self.motions.contains { $0.id == score.motion } }
            return Self.thresholds.map { threshold in
                Double(known.count { $0.overlap > threshold }) / Double(known.count)
            }
        }
        let byVideo = Dictionary(grouping: scores, by: \.video)
        let videoRows = videos.map { name in
            let scores = byVideo[name] ?? []
            return ScoreTable.Row(
                name,
                [mean(scores)]
                    + Self.motions.map { motion in mean(scores.filter { $0.motion == motion.id }) }
                    + rates(scores))
        }
        let motionRows = Self.motions.map { motion in
            let scores = scores.filter { $0.motion == motion.id }
            return ScoreTable.Row(
                motion.name, [Double(scores.count), mean(scores)] + rates(scores))
        }
        let success = Self.thresholds.map { "success \($0)" }
        return EvaluationReport(
            self,
            overall: [Score("mean IoU", pairwiseMean(videoRows.map { $0.values[0] }))]
                + zip(success, rates(scores)).map { Score($0, $1) },
            tables: [
                ScoreTable(
                    kind: "video",
                    columns: ["IoU"] + Self.motions.map { "\($0.name) IoU" } + success,
                    rows: videoRows),
                ScoreTable(
                    kind: "motion", columns: ["frames", "IoU of frames"] + success,
                    rows: motionRows),
            ],
            frames: FrameTable(
                columns: ["IoU"],
                rows: scores.map {
                    FrameTable.Row(sequence: $0.video, frame: $0.frame, values: [$0.overlap])
                }), ignored: ignored)
    }
}

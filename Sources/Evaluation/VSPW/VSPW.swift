import Tensor

/// Classes of every pixel in video: VSPW's mIoU and the consistency VC8 and VC16.
struct VSPW: EvaluationMetric {
    let name = "vspw"
    let title = "VSPW: mean IoU of classes and video consistency VC8, VC16"
    let officialCode =
        "github.com/sssdddwww2/vspw_dataset_download and VSPW_baseline, utils.py, test.py, VC_perclip.py"
    let predictions =
        "A folder of videos, VIDEO/FRAME.png; a pixel is the number of its class from 0 to 123, one less than in the annotation."
    let groundTruth =
        "The VSPW data set (data/VIDEO/mask, val.txt), of which --split is scored (default: val), or a folder of videos; 1 to 124 are classes, 0 and 255 void."
    let remarks = [
        "The mean IoU pools the pixels of all videos and is over the classes that occur in the ground truth.",
        "Video consistency asks whether a label stays, not whether it is right, and takes the void label for a label.",
        "The last window of each video is not scored, and a video of n frames or fewer has no VCn: the official loop ends one too early.",
        "VCn is a mean over windows, not over videos.",
    ]

    private static let classes = 124
    private static let windows = [8, 16]

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let (sequences, ignored) = try Self.folders(of: request).pairs()
        let videos = try FramePass.map(sequences) { try Video($0) }
        var pooled = LabelHistogram()
        for video in videos { pooled.add(video.histogram) }
        let all = Self.overlap(pooled)
        let consistencies = Self.windows.indices.map { index in
            videos.flatMap { $0.consistency.scores[index] }
        }
        let perVideo = videos.map { Self.overlap($0.histogram) }
        let names = Self.windows.map { "VC\($0)" }
        return EvaluationReport(
            self,
            overall: [
                Score("mIoU", all.mean), Score("weighted IoU", all.weightedMean),
                Score("mIoU by video", pairwiseMean(perVideo.map(\.mean))),
                Score("weighted IoU by video", pairwiseMean(perVideo.map(\.weightedMean))),
            ]
                + zip(names, consistencies).map { Score($0, pairwiseMean($1.filter { !$0.isNaN })) },
            tables: [
                ScoreTable(
                    kind: "sequence", columns: ["mIoU"] + names,
                    rows: zip(videos, perVideo).map { video, overlap in
                        ScoreTable.Row(
                            video.name, [overlap.mean] + video.consistency.scores.map(pairwiseMean))
                    }),
                ScoreTable(
                    kind: "class", columns: ["IoU"],
                    rows: all.overlaps.enumerated().compactMap { label, overlap in
                        overlap.map { ScoreTable.Row("\(label)", [$0]) }
                    }),
            ],
            ignored: ignored)
    }

    private static func folders(of request: EvaluationRequest) throws -> SequenceFolders {
        let root = request.groundTruth
        guard FolderListing.isFolder("\(root)/data") else {
            return SequenceFolders(
                predictions: request.predictions, groundTruth: root, names: request.sequences)
        }
        let list = "\(root)/\(request.split ?? "val").txt"
        return SequenceFolders(
            predictions: request.predictions, groundTruth: "\(root)/data",
            names: try request.sequences ?? NameList.read(list), subfolder: "mask")
    }

    /// The classes of the annotation begin at 1.
    private static func overlap(_ histogram: LabelHistogram) -> ClassOverlap {
        ClassOverlap(classes: classes) { histogram[$0 + 1, $1] }
    }

    /// What is counted of one video.
    private struct Video: Sendable {
        let name: String
        var histogram = LabelHistogram()
        var consistency = VideoConsistency(lengths: VSPW.windows)

        init(_ sequence: SequencePair) throws {
            name = sequence.name
            var size: [Int]?
            for frame in sequence.frames {
                let truth = try LabelMap(path: frame.groundTruth)
                let prediction = try LabelMap(path: frame.prediction)
                try prediction.requireSize(of: truth)
                guard size ?? truth.labels.shape == truth.labels.shape else {
                    throw EvaluationError(
                        .badData,
                        "\(frame.groundTruth): its size is not that of the video's first frame")
                }
                size = truth.labels.shape
                histogram.add(truth: truth.labels, prediction: prediction.labels)
                consistency.add(truth: truth.labels, prediction: prediction.labels)
                for label in VSPW.classes...255
                where (1...VSPW.classes).contains(where: { histogram[$0, label] > 0 }) {
                    throw EvaluationError(
                        .badData,
                        "\(frame.prediction): a pixel has the class \(label); the classes are 0 to \(VSPW.classes - 1)"
                    )
                }
            }
        }
    }
}

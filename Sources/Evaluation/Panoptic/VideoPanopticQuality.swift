/// Video panoptic quality: panoptic quality of tubes, over windows of several lengths.
struct VideoPanopticQuality: EvaluationMetric {
    /// Whose files and windows.
    enum Variant: Sendable {
        case cityscapes, vipSeg
    }

    let variant: Variant

    var name: String { variant == .cityscapes ? "vpq-cityscapes" : "vpq-vipseg" }

    var title: String {
        variant == .cityscapes
            ? "Cityscapes-VPS: video panoptic quality, windows of 1 to 4 annotated frames"
            : "VIPSeg: video panoptic quality, windows of 1, 2, 4, 6 and 8 frames"
    }

    var officialCode: String {
        variant == .cityscapes
            ? "github.com/mcahny/vps, tools/eval_vpq.py"
            : "github.com/VIPSeg-Dataset/VIPSeg-Dataset, ClipPanoFCN/eval_vpq_vspw.py"
    }

    var predictions: String {
        variant == .cityscapes
            ? "A folder with pred.json and pan_pred/IMAGE.png, COCO-panoptic colours as ids."
            : "A folder with pred.json and pan_pred/VIDEO/FRAME.png, COCO-panoptic colours as ids."
    }

    var groundTruth: String {
        variant == .cityscapes
            ? "The annotation file (panoptic_gt_val_city_vps.json), beside which is panoptic_video or val/panoptic_video."
            : "The annotation file (panoptic_gt_VIPSeg_val.json), beside which is panomasksRGB."
    }

    var remarks: [String] {
        [
            "Numbers are shares, of 1; the official script prints them times 100.",
            "The area of a true tube is what the annotation file states, that of a predicted one is counted.",
            "A class of which nothing was found, wrong or missed is left out of the mean; a tube's class is that of its first frame in the window.",
            "A wrong tube of which more than half lies on void, or on the last crowd of its class, is forgiven.",
        ]
            + (variant == .cityscapes
                ? [
                    "Every fifth frame is annotated: a window of n frames is written k = 5 (n - 1). Videos are groups of six frames of the list."
                ]
                : [
                    "The script averages five windows, the last of 8 frames; papers print VPQ1, VPQ2, VPQ4 and VPQ6 and their mean. Both means are given."
                ])
    }

    private var windows: [Int] { variant == .cityscapes ? [1, 2, 3, 4] : [1, 2, 4, 6, 8] }

    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport {
        let truth = try PanopticAnnotations(contentsOf: request.groundTruth)
        let prediction = try PanopticAnnotations(contentsOf: "\(request.predictions)/pred.json")
        guard !truth.categories.isEmpty else {
            throw EvaluationError(.badData, "\(truth.path): there are no categories in it")
        }
        let videos =
            switch variant {
            case .cityscapes:
                try PanopticVideo.cityscapes(truth, prediction, predictions: request.predictions)
            case .vipSeg:
                try PanopticVideo.vipSeg(truth, prediction, predictions: request.predictions)
            }
        let known = Set(truth.categories.map(\.id))
        let byVideo = try FramePass.map(videos) { try qualities(of: $0, known: known) }
        var totals = windows.map { _ in PanopticQuality() }
        for video in byVideo {
            for index in totals.indices { totals[index].add(video[index]) }
        }
        return report(totals, truth.categories)
    }

    /// The tallies of one video for each window.
    private func qualities(of video: PanopticVideo, known: Set<Int>) throws -> [PanopticQuality] {
        var problems: [String] = []
        let pairs = try video.frames.map { frame in
            let pairs = try frame.pairs()
            problems += frame.problems(pairs, known: known)
            return pairs
        }
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        return try windows.map { length in
            var quality = PanopticQuality()
            guard video.frames.count >= length else { return quality }
            for start in 0...video.frames.count - length {
                let window = start..<start + length
                try quality.add(window: video.frames[window], pairs: Array(pairs[window]))
            }
            return quality
        }
    }

    private func report(
        _ totals: [PanopticQuality], _ categories: [PanopticAnnotations.Category]
    ) -> EvaluationReport {
        let groups = [
            ("", categories), (" things", categories.filter(\.isThing)),
            (" stuff", categories.filter { !$0.isThing }),
        ]
        func means(_ range: Range<Int>, _ label: String) -> [Score] {
            groups.map { name, members in
                Score(
                    "VPQ\(name)\(label)",
                    pairwiseMean(totals[range].map { $0.mean(\.quality, of: members) }))
            }
        }
        let labels = windows.map {
            variant == .cityscapes ? "VPQ k=\(5 * ($0 - 1))" : "VPQ\($0)"
        }
        let parts = zip(labels, totals).flatMap { label, total in
            groups.map { name, members in
                Score("\(label)\(name)", total.mean(\.quality, of: members))
            }
        }
        return EvaluationReport(
            self,
            overall: means(0..<windows.count, "")
                + (variant == .vipSeg ? means(0..<4, " of 1, 2, 4, 6") : []) + parts,
            tables: [
                ScoreTable(
                    kind: "class", columns: labels,
                    rows: categories.map { category in
                        ScoreTable.Row(
                            category.name,
                            totals.map { $0[category.id].isEmpty ? .nan : $0[category.id].quality })
                    }),
                ScoreTable(
                    kind: "window", columns: ["PQ", "SQ", "RQ"],
                    rows: zip(labels, totals).map { label, total in
                        ScoreTable.Row(
                            label,
                            [
                                total.mean(\.quality, of: categories),
                                total.mean(\.segmentation, of: categories),
                                total.mean(\.recognition, of: categories),
                            ])
                    }),
            ])
    }
}

extension PanopticVideo.Frame {
    /// What does not fit between the predicted image and what `pred.json` says of it.
    func problems(_ pairs: PairCounts, known: Set<Int>) -> [String] {
        let listed = Set(prediction.map(\.id))
        let painted = Set(pairs.predictedAreas.keys)
        return painted.subtracting(listed).filter { $0 != 0 }.sorted().map {
            "\(predictionImage): the segment \($0) is in the image and not in pred.json"
        }
            + listed.subtracting(painted).sorted().map {
                "\(predictionImage): the segment \($0) is in pred.json and not in the image"
            }
            + prediction.filter { !known.contains($0.category) }.map {
                "\(predictionImage): the segment \($0.id) has the unknown category \($0.category)"
            }
            + truth.filter { $0.area == nil }.map {
                "\(truthImage): the annotation file states no area of the segment \($0.id)"
            }
    }
}

import Checkpoints
import Evaluation
import Media
import Tensor

/// A case of an official script's scores: masks or logits in, numbers out, which case.json holds.
struct ScoreCase {
    /// The modules of such cases.
    static let modules = ["metrics", "moca_eval"]

    private let referenceCase: ReferenceCase

    /// The scripts compute some scores in 32 bits.
    private static let bound = 1e-6

    init(_ referenceCase: ReferenceCase) {
        self.referenceCase = referenceCase
    }

    func verify() throws -> [StageReport] {
        referenceCase.config["module"]?.string == "metrics" ? try metrics() : try boxes()
    }

    private func metrics() throws -> [StageReport] {
        let (first, second) = (try bytes("in.mask_a", 3), try bytes("in.mask_b", 3))
        guard first.shape == second.shape else { throw unusable("in.mask_b") }
        let overlaps = (0..<first.shape[0]).map {
            regionSimilarity(BitMask(nonzero: first[$0]), BitMask(nonzero: second[$0]))
        }
        let expected = try array("davis_iou").compactMap(\.double)
        guard expected.count == overlaps.count else { throw unusable("davis_iou") }
        let logits = try referenceCase.tensors.floats("in.avs_logits")
        let target = try referenceCase.tensors.floats("in.avs_target")
        guard logits.shape == target.shape, logits.rank == 3 else {
            throw unusable("in.avs_target")
        }
        let audioVisual = AudioVisualBatch(
            (0..<logits.shape[0]).map {
                AudioVisualFrame(probabilities: sigmoid(logits[$0]), truth: target[$0])
            })
        let labels = [try bytes("in.labels_gt", 2), try bytes("in.labels_pred", 2)]
        guard labels[0].shape == labels[1].shape else { throw unusable("in.labels_pred") }
        var histogram = LabelHistogram()
        histogram.add(truth: labels[0], prediction: labels[1])
        return zip(overlaps, expected).enumerated().map {
            report("davis_iou.\($0)", $1.0, $1.1)
        } + [
            report("a2d_frame_iou", histogram.equalShare, try number("a2d_frame_iou")),
            report("avs_miou_batch", audioVisual.overlap, try number("avs_miou_batch")),
            report("avs_fmeasure_batch", audioVisual.measure, try number("avs_fmeasure_batch")),
        ]
    }

    private func boxes() throws -> [StageReport] {
        let masks = try bytes("in.masks", 3)
        guard let size = referenceCase.config["image_size"]?.ints, size.count == 2 else {
            throw unusable("image_size")
        }
        let rows = try array("annotations").map { annotation in
            guard let frame = annotation["frame"]?.int,
                let motion = annotation["motion_raw"]?.string,
                let box = annotation["bbox_xywh"]?.array?.compactMap(\.double), box.count == 4
            else { throw unusable("annotations") }
            let numbers = ([2] + box).map { "\($0)" }.joined(separator: ", ")
            return ["\(frame)", "vid/\(Self.name(of: frame)).jpg", "[\(numbers)]", motion]
        }
        let annotations =
            try MoCAAnnotations(rows: rows, path: referenceCase.path).videos["vid"] ?? [:]
        let scores = (0..<masks.shape[0]).compactMap { frame in
            annotations[Self.name(of: frame)].map { annotation in
                MoCA.FrameScore(
                    video: "vid", frame: Self.name(of: frame), motion: annotation.motion,
                    overlap: MoCA.overlap(
                        of: masks[frame], with: annotation,
                        size: ImageSize(width: size[1], height: size[0])))
            }
        }
        let found = MoCA().report(videos: ["vid"], scores: scores)
        let row = found.table("video")?["vid"] ?? []
        let expected = try array("csv").first
        let columns = ["All_motion_IoU", "Locomotion_IoU", "Deformation_IoU", "Static_IoU"]
        return [report("mean_iou", found["mean IoU"], try number("mean_iou"))]
            + zip(columns, row).map { report($0, $1, expected?[$0]?.double) }
            + ["0.5", "0.6", "0.7", "0.8", "0.9"].map { threshold in
                report(
                    "All_motion_S_\(threshold)",
                    found["success \(threshold)"].map { $0 * Double(scores.count) },
                    expected?["All_motion_S_\(threshold)"]?.double)
            }
    }

    private static func name(of frame: Int) -> String {
        String(repeating: "0", count: max(0, 5 - "\(frame)".count)) + "\(frame)"
    }

    private func report(_ name: String, _ found: Double?, _ expected: Double?) -> StageReport {
        guard let found, let expected else {
            return StageReport(name: name, failure: "there is no number to compare")
        }
        return StageReport(
            name: name, difference: abs(found - expected), standardDeviation: nil, bound: Self.bound
        )
    }

    private func bytes(_ name: String, _ rank: Int) throws -> Tensor<UInt8> {
        let values = try referenceCase.tensors.integers(name)
        guard values.rank == rank else { throw unusable(name) }
        return values.mappedElements { UInt8(clamping: $0) }
    }

    private func array(_ name: String) throws -> [JSONValue] {
        guard let values = referenceCase.config[name]?.array, !values.isEmpty else {
            throw unusable(name)
        }
        return values
    }

    private func number(_ name: String) throws -> Double {
        guard let value = referenceCase.config[name]?.double else { throw unusable(name) }
        return value
    }

    private func unusable(_ name: String) -> Failure {
        Failure(.badData, "\(referenceCase.path): '\(name)' is missing or cannot be used")
    }
}

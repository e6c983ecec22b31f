import Checkpoints
import Models
import Tensor

/// A case of an official evaluation of video objects: raw frames in, probabilities, masks and scores out.
struct ProtocolCase {
    /// The evaluations that are known, by the names that cases give them.
    static let tasks = ["davis-protocol", "moca-protocol", "ytbo-protocol"]

    let referenceCase: ReferenceCase
    let comparison: StageComparison

    /// For cases that state no error of their own. That of the logits at this size allows 4e-4, and the slope of
    /// a sigmoid is at most 1/4.
    static let probabilityBound = 1e-4

    init(_ referenceCase: ReferenceCase) {
        self.referenceCase = referenceCase
        comparison = StageComparison(referenceCase)
    }

    func verify(_ source: any WeightSource) throws -> [StageReport] {
        guard
            let model = try ModelCase.model(referenceCase, source) as? any DenseSegmentationModel
        else {
            throw Failure(
                .badData,
                "\(referenceCase.path): this evaluation needs a model that labels pixels")
        }
        let frames = try pixels("frames", rank: 4)
        guard frames.allSatisfy({ $0.shape[2] == 3 && $0.count > 0 }) else {
            throw unusable("frames", in: "tensors.safetensors")
        }
        let centres = try ints("centers")
        let plan = WindowPlan(
            frameCount: frames.count, layout: .aroundEachFrame(length: model.windowLength))
        guard centres.allSatisfy(plan.indices.contains) else {
            throw Failure(.badData, "\(referenceCase.path): a centre lies outside the frames")
        }
        let windows = centres.map { plan[$0] }
        var reports = [try compareWindows(windows), try compareFirstInput(frames, windows[0])]
        let probabilities = stacked(
            try windows.map { window in
                try self.probabilities(model, window.frames.map { frames[$0] })
            })
        reports.append(
            try comparison.compare("prob", probabilities, bound: Self.probabilityBound))
        let kept = stacked(
            zip(windows.indices, windows).map { probabilities[$0][$1.kept[0].position] })
        reports.append(try compareLevels(kept))
        let masks = kept.mappedElements { $0 > 0.5 ? Float(255) : 0 }
        reports.append(try compareMasks(masks, kept))
        if referenceCase.config["iou"]?.array?.isEmpty == false {
            reports.append(try compareScores(masks, centres))
        }
        let known = Set(reports.map(\.name) + ["frames", "gt"])
        return reports
            + referenceCase.tensors.entries.map(\.name).filter { !known.contains($0) }.map {
                StageReport(name: $0, failure: "no stage of this name is computed")
            }
    }
}

// MARK: - Inference

extension ProtocolCase {
    var preprocessing: Preprocessing {
        get throws {
            guard let size = referenceCase.config["val_size"]?.int,
                (1...FrameSize.allowed.upperBound).contains(size)
            else {
                throw unusable("val_size")
            }
            return Preprocessing(shortSide: size)
        }
    }

    private func probabilities(
        _ model: any DenseSegmentationModel, _ frames: [Tensor<UInt8>]
    ) throws -> Tensor<Float> {
        let scales = (referenceCase.config["scales"]?.array ?? []).compactMap(\.double)
        guard !scales.isEmpty, scales.allSatisfy(Scales.allowed.contains) else {
            throw unusable("scales")
        }
        let flip = referenceCase.config["flip"]?.bool ?? false
        guard
            let merge = TestTimeAugmentation.FlipMerge(
                rawValue: referenceCase.config["flip_gather"]?.string ?? "mean")
        else { throw unusable("flip_gather") }
        let size =
            referenceCase.config["output_size"]?.ints ?? Array(frames[0].shape.prefix(2))
        guard size.count == 2, size.allSatisfy((1...FrameSize.allowed.upperBound).contains) else {
            throw unusable("output_size")
        }
        let predictions = model.predictions(
            for: Clip(frames: stacked(frames.map(try preprocessing.callAsFunction))),
            height: size[0], width: size[1],
            positions: Array(frames.indices),
            augmentation: TestTimeAugmentation(scales: scales, flip: flip ? merge : nil))
        return stacked(
            try predictions.map { prediction in
                guard case .foreground(let probability) = prediction else {
                    throw Failure(
                        .badData,
                        "\(referenceCase.path): this evaluation needs a model with one class")
                }
                return probability
            })
    }
}

// MARK: - The case's data

extension ProtocolCase {
    func pixels(_ name: String, rank: Int) throws -> [Tensor<UInt8>] {
        let values = try referenceCase.tensors.integers(name)
        guard values.rank == rank else {
            throw Failure(
                .badData,
                "\(referenceCase.path): '\(name)' has the shape \(values.shape), expected \(rank) axes"
            )
        }
        let bytes = values.mappedElements { UInt8(clamping: $0) }
        return (0..<bytes.shape[0]).map { bytes[$0] }
    }

    private func ints(_ name: String) throws -> [Int] {
        guard let values = referenceCase.config[name]?.ints, !values.isEmpty else {
            throw unusable(name)
        }
        return values
    }

    func unusable(_ name: String, in file: String = "case.json") -> Failure {
        Failure(.badData, "\(referenceCase.path)/\(file): '\(name)' is missing or cannot be used")
    }
}

import Checkpoints
import Models
import Tensor

/// A case of the official evaluation on DAVIS: raw frames in, probabilities, masks and scores out.
struct ProtocolCase {
    private let referenceCase: ReferenceCase
    private let comparison: StageComparison

    /// The case states no error of its own. That of the logits at this size allows 4e-4, and the slope of
    /// a sigmoid is at most 1/4.
    private static let probabilityBound = 1e-4

    init(_ referenceCase: ReferenceCase) {
        self.referenceCase = referenceCase
        comparison = StageComparison(referenceCase)
    }

    func verify(_ source: any WeightSource) throws -> [StageReport] {
        let model = try ModelCase.model(referenceCase, source)
        let frames = try pixels("frames")
        let centres = try ints("centers")
        let plan = WindowPlan(
            frameCount: frames.count, clipLength: model.clipLength, windowProtocol: .official)
        guard centres.allSatisfy(plan.indices.contains) else {
            throw Failure(.badData, "\(referenceCase.path): a centre lies outside the frames")
        }
        let windows = centres.map { plan[$0] }
        var reports = [try compareWindows(windows), try compareFirstInput(frames, windows)]
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
        reports.append(try compareScores(masks, centres))
        let known = Set(reports.map(\.name) + ["frames", "gt"])
        return reports
            + referenceCase.tensors.entries.map(\.name).filter { !known.contains($0) }.map {
                StageReport(name: $0, failure: "no stage of this name is computed")
            }
    }
}

// MARK: - Inference

extension ProtocolCase {
    private var preprocessing: Preprocessing {
        get throws {
            guard let size = referenceCase.config["val_size"]?.int, size > 0 else {
                throw unusable("val_size")
            }
            return Preprocessing(shortSide: size)
        }
    }

    private func probabilities(
        _ model: any SegmentationModel, _ frames: [Tensor<UInt8>]
    ) throws -> Tensor<Float> {
        let scales = (referenceCase.config["scales"]?.array ?? []).compactMap(\.double)
        guard !scales.isEmpty, scales.allSatisfy({ $0 > 0 }) else { throw unusable("scales") }
        let flip = referenceCase.config["flip"]?.bool ?? false
        let merge = TestTimeAugmentation.FlipMerge(
            rawValue: referenceCase.config["flip_gather"]?.string ?? "mean")
        let predictions = model.predictions(
            for: Clip(frames: stacked(frames.map(try preprocessing.callAsFunction))),
            height: frames[0].shape[0], width: frames[0].shape[1],
            positions: Array(frames.indices),
            augmentation: TestTimeAugmentation(scales: scales, flip: flip ? merge : nil))
        return stacked(
            try predictions.map { prediction in
                guard case .foreground(let probability) = prediction else {
                    throw Failure(
                        .badData,
                        "\(referenceCase.path): the DAVIS protocol needs a model with one class")
                }
                return probability
            })
    }
}

// MARK: - Comparisons

extension ProtocolCase {
    private func compareWindows(_ windows: [Window]) throws -> StageReport {
        let expected = (referenceCase.config["windows"]?.array ?? []).map { $0.ints ?? [] }
        return StageReport(
            name: "windows", difference: windows.map(\.frames) == expected ? 0 : 1,
            standardDeviation: nil, bound: 0)
    }

    /// The case keeps the first frames of the first window's input.
    private func compareFirstInput(
        _ frames: [Tensor<UInt8>], _ windows: [Window]
    ) throws -> StageReport {
        let name = "network_input_first_window"
        let count = try referenceCase.tensors.requireEntry(named: name).shape.first ?? 0
        let chosen = (windows.first?.frames ?? []).prefix(count).map { frames[$0] }
        let input = stacked(chosen.map(try preprocessing.callAsFunction))
        return try comparison.compare(name, input.transposed(0, 3, 1, 2))
    }

    /// The 8-bit levels are truncated, so a level may differ where the probability is within its bound of
    /// a step.
    private func compareLevels(_ kept: Tensor<Float>) throws -> StageReport {
        let name = "logits_u8"
        return try compareSteps(
            name, kept, found: { $0 >= 0 ? UInt8(255 * min($0, 1)) : 0 },
            isNearStep: { value in
                let level = 255 * Double(value)
                return abs(level - level.rounded()) <= 255 * Self.probabilityBound
            })
    }

    private func compareMasks(
        _ masks: Tensor<Float>, _ kept: Tensor<Float>
    ) throws -> StageReport {
        // Any number other than 0 stands for foreground.
        try compareSteps(
            "mask_u8", kept, found: { $0 > 0.5 ? 1 : 0 }, expected: { $0 == 0 ? 0 : 1 },
            isNearStep: { abs(Double($0) - 0.5) <= Self.probabilityBound })
    }

    /// Compares values that jump at steps: the difference counted is that away from the steps.
    private func compareSteps(
        _ name: String, _ kept: Tensor<Float>, found: (Float) -> UInt8,
        expected transform: (Int64) -> Int64 = { $0 }, isNearStep: (Float) -> Bool
    ) throws -> StageReport {
        let expected = try referenceCase.tensors.integers(name).mappedElements(transform)
        guard expected.shape == kept.shape else {
            return StageReport(
                name: name, failure: "has the shape \(kept.shape), expected \(expected.shape)")
        }
        var largest = 0.0
        var near = 0
        for (value, expected) in zip(kept.scalars, expected.scalars)
        where Int64(found(value)) != expected {
            if isNearStep(value) {
                near += 1
            } else {
                largest = max(largest, abs(Double(found(value)) - Double(expected)))
            }
        }
        return StageReport(
            name: name, difference: largest, standardDeviation: nil, bound: 0,
            note: near > 0 ? "\(near) of \(kept.count) pixels lie within the bound of a step" : nil)
    }

    private func compareScores(_ masks: Tensor<Float>, _ centres: [Int]) throws -> StageReport {
        let expected = (referenceCase.config["iou"]?.array ?? []).compactMap(\.double)
        guard expected.count == centres.count else { throw unusable("iou") }
        let truth = try pixels("gt", rank: 3)
        let found = centres.indices.map { index in
            Self.overlap(
                masks[index].scalars.map { $0 > 0 }, truth[centres[index]].scalars.map { $0 > 0 })
        }
        let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        // A pixel within its bound of the threshold changes the score a little.
        return StageReport(
            name: "iou", difference: difference, standardDeviation: nil, bound: 1e-3)
    }

    /// Intersection over union; 1 where both are empty.
    private static func overlap(_ mask: [Bool], _ truth: [Bool]) -> Double {
        let both = zip(mask, truth).filter { $0 && $1 }.count
        let either = zip(mask, truth).filter { $0 || $1 }.count
        return either == 0 ? 1 : Double(both) / Double(either)
    }
}

// MARK: - The case's data

extension ProtocolCase {
    private func pixels(_ name: String, rank: Int = 4) throws -> [Tensor<UInt8>] {
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

    private func unusable(_ name: String) -> Failure {
        Failure(.badData, "\(referenceCase.path)/case.json: '\(name)' is missing or cannot be used")
    }
}

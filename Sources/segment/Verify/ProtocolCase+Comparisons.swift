import Checkpoints
import Models
import Tensor

/// What a protocol case is compared by.
extension ProtocolCase {
    /// The frames that the model sees for each centre.
    func compareWindows(_ windows: [Window]) throws -> StageReport {
        let expected = (referenceCase.config["windows"]?.array ?? []).map { $0.ints ?? [] }
        return StageReport(
            name: "windows", difference: windows.map(\.frames) == expected ? 0 : 1,
            standardDeviation: nil, bound: 0)
    }

    /// The case keeps the first frames of the first window's input.
    func compareFirstInput(
        _ frames: [Tensor<UInt8>], _ window: Window
    ) throws -> StageReport {
        let name = "network_input_first_window"
        let count = try referenceCase.tensors.requireEntry(named: name).shape.first ?? 0
        guard (1...window.frames.count).contains(count) else {
            throw unusable(name, in: "tensors.safetensors")
        }
        let chosen = window.frames.prefix(count).map { frames[$0] }
        let input = stacked(chosen.map(try preprocessing.callAsFunction))
        return try comparison.compare(name, input.transposed(0, 3, 1, 2))
    }

    /// The 8-bit levels are truncated, so a level may differ where the probability is within its bound of
    /// a step.
    func compareLevels(_ kept: Tensor<Float>) throws -> StageReport {
        let name = "logits_u8"
        return try compareSteps(
            name, kept, found: { $0 >= 0 ? UInt8(255 * min($0, 1)) : 0 },
            isNearStep: { value in
                let level = 255 * Double(value)
                return abs(level - level.rounded()) <= 255 * Self.probabilityBound
            })
    }

    /// A mask may differ where the probability is within its bound of the threshold.
    func compareMasks(
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

    /// The overlap of each mask with the annotation.
    func compareScores(_ masks: Tensor<Float>, _ centres: [Int]) throws -> StageReport {
        let expected = (referenceCase.config["iou"]?.array ?? []).compactMap(\.double)
        guard expected.count == centres.count else { throw unusable("iou") }
        let truth = try pixels("gt", rank: 3)
        guard truth.allSatisfy({ $0.shape == Array(masks.shape.dropFirst()) }),
            centres.allSatisfy(truth.indices.contains)
        else {
            return StageReport(name: "iou", failure: "the annotations do not fit the masks")
        }
        // Annotations of YouTube-Objects are gray levels.
        let isForeground: (UInt8) -> Bool =
            referenceCase.config["task"]?.string == "ytbo-protocol" ? { $0 >= 80 } : { $0 > 0 }
        let found = centres.indices.map { index in
            Self.overlap(
                masks[index].scalars.map { $0 > 0 },
                truth[centres[index]].scalars.map(isForeground))
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

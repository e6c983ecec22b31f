import FileAccess
import Tensor

extension ReferenceCase {
    /// How far a tensor may be from the reference.
    public struct Tolerance: Sendable, Equatable {
        /// The reference's own largest error against double precision.
        public let largestOwnError: Double
        /// The standard deviation of the tensor's values.
        public let standardDeviation: Double

        /// The largest absolute difference that passes: ten times the reference's own error, but not
        /// less than what single precision can be held to at this size of values.
        public var bound: Double { max(10 * largestOwnError, 1e-5 * standardDeviation) }
    }

    /// One tensor against its reference.
    public struct Comparison: Sendable, Equatable {
        /// The tensor's name.
        public let name: String
        /// The largest absolute difference; infinite where one value is not a number and its
        /// reference is.
        public let largestDifference: Double
        /// What the difference is measured against.
        public let tolerance: Tolerance

        /// Whether the difference is within the bound.
        public var passes: Bool { largestDifference <= tolerance.bound }
    }

    /// The tolerance of a tensor, where the case states one. Cases of modules state it without the
    /// `out.` that their outputs' names begin with.
    public func tolerance(_ name: String) -> Tolerance? {
        let records = config["float32_vs_float64"]
        let bare = name.hasPrefix("out.") ? String(name.dropFirst(4)) : name
        guard let record = records?[name] ?? records?[bare],
            let error = record["max_abs_diff_f64"]?.double, let deviation = record["std"]?.double
        else { return nil }
        return Tolerance(largestOwnError: error, standardDeviation: deviation)
    }

    /// The part of a full tensor that the case stores: `[axis, start, step]` selections, in order.
    public func subsampled(_ tensor: Tensor<Float>, as name: String) throws -> Tensor<Float> {
        guard let selections = config["subsample_axis_start_step"]?[name]?.array else {
            return tensor
        }
        return try selections.reduce(tensor) { result, selection in
            guard let numbers = selection.ints, numbers.count == 3,
                result.shape.indices.contains(numbers[0]), numbers[1] >= 0, numbers[2] > 0
            else {
                throw CheckpointError.malformed(
                    path: "\(path)/case.json",
                    problem: "subsample_axis_start_step of '\(name)' does not fit \(result.shape)")
            }
            return result.everyNth(axis: numbers[0], from: numbers[1], by: numbers[2])
        }
    }

    /// Compares a tensor, in the reference's layout and not subsampled, with the stored one.
    ///
    /// Where the case states no tolerance, only the size of the values bounds the difference: their root mean
    /// square stands for the deviation, since a rounding is as large as a value is, wherever the mean lies.
    public func compare(_ tensor: Tensor<Float>, to name: String) throws -> Comparison {
        let expected = try tensors.floats(name)
        let found = try subsampled(tensor, as: name)
        guard found.shape == expected.shape else {
            throw CheckpointError.unsupported(
                path: "\(path)/tensors.safetensors",
                problem: "tensor '\(printable(name))' is \(expected.shape) there, but "
                    + "\(found.shape) was computed")
        }
        let tolerance =
            tolerance(name)
            ?? Tolerance(largestOwnError: 0, standardDeviation: expected.rootMeanSquare)
        return Comparison(
            name: name, largestDifference: found.largestDifference(to: expected),
            tolerance: tolerance)
    }
}

extension Tensor<Float> {
    fileprivate func everyNth(axis: Int, from start: Int, by step: Int) -> Tensor<Float> {
        let kept = Array(stride(from: start, to: shape[axis], by: step))
        let outer = shape[..<axis].reduce(1, *)
        let inner = shape[(axis + 1)...].reduce(1, *)
        var newShape = shape
        newShape[axis] = kept.count
        return withUnsafeBuffer { source in
            Tensor(shape: newShape) { result in
                var written = 0
                for block in 0..<outer {
                    for index in kept {
                        let first = (block * shape[axis] + index) * inner
                        for element in first..<first + inner {
                            result.initializeElement(at: written, to: source[element])
                            written += 1
                        }
                    }
                }
            }
        }
    }

    /// Of the values that are numbers.
    fileprivate var rootMeanSquare: Double {
        withUnsafeBuffer { values in
            let numbers = values.lazy.filter { !$0.isNaN }
            let squares = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }
            return (squares / Double(Swift.max(1, numbers.count))).squareRoot()
        }
    }

    /// The largest absolute difference to a tensor of the same shape; infinite where only one of two values
    /// is not a number.
    package func largestDifference(to other: Tensor<Float>) -> Double {
        withUnsafeBuffer { found in
            other.withUnsafeBuffer { expected in
                zip(found, expected).reduce(0) { largest, pair in
                    if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return largest }
                    let difference = abs(Double(pair.0) - Double(pair.1))
                    return difference.isNaN ? .infinity : Swift.max(largest, difference)
                }
            }
        }
    }
}

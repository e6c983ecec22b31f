import Checkpoints
import Tensor

/// Compares what was computed with the tensors of a reference case.
struct StageComparison {
    private let referenceCase: ReferenceCase

    init(_ referenceCase: ReferenceCase) {
        self.referenceCase = referenceCase
    }

    /// Compares every tensor of the case that is not an input; one without a counterpart fails.
    func compareAll(
        with computed: [String: Tensor<Float>], inputs isInput: (String) -> Bool
    ) throws -> [StageReport] {
        let names = referenceCase.tensors.entries.map(\.name).filter { !isInput($0) }
        return try names.map { name in
            guard let tensor = computed[name] else {
                return StageReport(name: name, failure: "no stage of this name is computed")
            }
            return try compare(name, tensor)
        }
    }

    /// Compares one tensor, in the layout of the reference and not subsampled, with the stored one.
    ///
    /// - Parameter bound: the bound where the case states no tolerance; without it, only the size of the
    ///   values bounds the difference.
    func compare(_ name: String, _ tensor: Tensor<Float>, bound: Double? = nil) throws
        -> StageReport
    {
        let expected = try referenceCase.tensors.floats(name)
        let found = try referenceCase.subsampled(tensor, as: name)
        guard found.shape == expected.shape else {
            return StageReport(
                name: name, failure: "has the shape \(found.shape), expected \(expected.shape)")
        }
        let stated = referenceCase.tolerance(name) ?? referenceCase.tolerance(Self.bare(name))
        let deviation = stated?.standardDeviation ?? Self.standardDeviation(expected)
        let bound = stated?.bound ?? bound ?? 1e-5 * deviation
        return StageReport(
            name: name, difference: Self.largestDifference(found, expected),
            standardDeviation: deviation, bound: bound)
    }

    /// The name under which a module's case states tolerances: without `out.`.
    private static func bare(_ name: String) -> String {
        name.hasPrefix("out.") ? String(name.dropFirst(4)) : name
    }

    /// The largest absolute difference; infinite where only one of two values is not a number.
    static func largestDifference(_ found: Tensor<Float>, _ expected: Tensor<Float>) -> Double {
        found.withUnsafeBuffer { found in
            expected.withUnsafeBuffer { expected in
                var largest = 0.0
                for index in found.indices where found[index] != expected[index] {
                    if found[index].isNaN, expected[index].isNaN { continue }
                    let difference = (Double(found[index]) - Double(expected[index])).magnitude
                    largest = difference.isNaN ? .infinity : max(largest, difference)
                }
                return largest
            }
        }
    }

    private static func standardDeviation(_ tensor: Tensor<Float>) -> Double {
        guard tensor.count > 0 else { return 0 }
        return tensor.withUnsafeBuffer { values in
            let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
            let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
            return (squares / Double(values.count)).squareRoot()
        }
    }
}

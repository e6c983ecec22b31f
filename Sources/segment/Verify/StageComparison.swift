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
    func compare(
        _ name: String, _ tensor: Tensor<Float>, bound: Double? = nil
    ) throws -> StageReport {
        let found = try referenceCase.subsampled(tensor, as: name).shape
        let expected = try referenceCase.tensors.requireEntry(named: name).shape
        guard found == expected else {
            return StageReport(
                name: name, failure: "has the shape \(found), expected \(expected)")
        }
        let comparison = try referenceCase.compare(tensor, to: name)
        let isStated = referenceCase.tolerance(name) != nil
        return StageReport(
            name: name, difference: comparison.largestDifference,
            standardDeviation: comparison.tolerance.standardDeviation,
            bound: isStated ? comparison.tolerance.bound : bound ?? comparison.tolerance.bound)
    }
}

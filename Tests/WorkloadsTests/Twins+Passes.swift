import Tensor
import TestSupport
import Workloads

extension Pass: Twinned {
    /// The bounds are those of the operations' own tests.
    func plainly(_ operands: Operands) throws -> [Expected] {
        let x = try operands["x"]
        switch pass {
        case .layerNorm:
            let (weight, bias) = (try operands["weight"], try operands["bias"])
            return [Expected(Naive.layerNorm(x, weight: weight, bias: bias), within: 2e-6)]
        case .groupNorm:
            let (weight, bias) = (try operands["weight"], try operands["bias"])
            let clip = x.expandedDimensions(axis: 0)
            return [
                Expected(
                    Naive.groupNorm(clip, groups: 4, weight: weight, bias: bias), within: 3e-6)
            ]
        case .softmax:
            let rows = (0..<shape[0]).flatMap { row in
                Naive.softmax(x[row].scalars.map(Double.init))
            }
            return [Expected(rows, within: 5e-7)]
        case .gelu:
            return [
                Expected(x.scalars.map { Naive.applied(.gelu, Double($0)) }, within: 5e-7)
            ]
        case .sum: return [Expected(x.scalars.map { 2 * Double($0) }, within: 0)]
        case .upsampling:
            return [
                Expected(
                    Naive.resizedBilinear(x, height: 2 * shape[1], width: 2 * shape[2]),
                    within: 2e-5)
            ]
        case .maxPool:
            return [
                Expected(Naive.maxPool(x, kernelSize: 3, stride: 2, padding: 1), within: 0)
            ]
        }
    }
}

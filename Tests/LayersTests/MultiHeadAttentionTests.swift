import Checkpoints
import Foundation
import Layers
import Tensor
import TestSupport
import Testing

/// Opens a case of this target's `Fixtures`: what PyTorch computed.
func fixture(_ name: String) throws -> ReferenceCase {
    try ReferenceCase(
        path: Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)").path)
}

@Suite struct MultiHeadAttentionTests {
    /// The case's own tolerance: ten times PyTorch's error against double precision.
    @Test(arguments: [true, false]) func matchesPyTorch(padded: Bool) throws {
        let reference = try fixture("mha_key_padding")
        let weights = WeightScope(reference.weights)
        let layer = try MultiHeadAttention(weights, channels: 24, heads: 4)
        try weights.finish()
        func input(_ name: String) throws -> Tensor<Float> {
            try reference.tensors.floats(name).squeezed(axis: 1)
        }
        let mask = try reference.tensors.integers("in.key_padding_mask")[0]
        let y = layer(
            queries: try input("in.q"), keys: try input("in.k"), values: try input("in.v"),
            keyPaddingMask: padded ? Tensor(mask.scalars.map { $0 != 0 }) : nil)
        let name = padded ? "y" : "y_nomask"
        let tolerance = try #require(reference.tolerance(name))
        #expect(largestDifference(y, try input("out.\(name)")) <= tolerance.bound)
    }

    /// The residual is added, exactly once.
    @Test func residual() throws {
        let reference = try fixture("mha_key_padding")
        let layer = try MultiHeadAttention(
            WeightScope(reference.weights), channels: 24, heads: 4)
        let x = Tensor.random([11, 24], seed: 1)
        let plain = layer(queries: x, keys: x, values: x)
        let added = layer(queries: x, keys: x, values: x, residual: x)
        // One rounding of numbers below 4.
        #expect(largestDifference(added, plain + x) < 1e-6)
    }
}

import Kernels
import Tensor
import TestSupport
import Testing

/// Products in 512-bit vectors against those in 256-bit vectors, on machines that have both.
///
/// Each sum is made in the same order by the same instruction: the bits are the same.
@Suite(
    .serialized,
    .enabled(if: InstructionSet.hasWideVectors && !InstructionSet.name.contains("SSE")))
struct WideVectorTests {
    @Test(arguments: 0..<40)
    func linearHasTheSameBits(seed: Int) {
        var random = SeededRandom(UInt64(seed) + 900)
        let rows = Int.random(in: 1...130, using: &random)
        let inputs = [1, 7, 64, 255, 300, 520].randomElement(using: &random) ?? 64
        let outputs = Int.random(in: 1...140, using: &random)
        let x = random.tensor([rows, inputs])
        let weight = PackedMatrix(random.tensor([outputs, inputs]))
        let bias = Bool.random(using: &random) ? random.tensor([outputs]) : nil
        let residual = Bool.random(using: &random) ? random.tensor([rows, outputs]) : nil
        let activations = [Activation.none, .relu, .relu6, .gelu]
        let activation = activations.randomElement(using: &random) ?? .none
        let product = {
            linear(x, weight, bias: bias, residual: residual, activation: activation)
        }
        #expect(InstructionSet.withoutWideVectors(product) == product())
    }

    /// Strips, patches and Winograd's planes hand their products to the same kernel.
    @Test(arguments: [(64, 1, false), (64, 1, true), (48, 2, false), (96, 3, true)])
    func convolutionHasTheSameBits(channels: Int, groups: Int, onlyStride1: Bool) {
        var random = SeededRandom(UInt64(channels + groups))
        let x = random.tensor([2, 9, 13, channels])
        let weight = PackedConvolution(
            random.tensor([channels, channels / groups, 3, 3]), groups: groups,
            onlyStride1: onlyStride1)
        let product = { conv2d(x, weight, padding: 1, activation: .relu) }
        #expect(InstructionSet.withoutWideVectors(product) == product())
    }
}

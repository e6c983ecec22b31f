import Checkpoints
import Layers
import Tensor
import TestSupport
import Testing

@Suite struct ConvolutionLayerTests {
    /// torchvision's deformable convolution, within the case's own tolerance.
    @Test func deformableConvolutionMatchesTorchvision() throws {
        let reference = try fixture("deform_conv")
        let weights = WeightScope(reference.weights)
        let layer = try DeformableConv2d(
            weights, inputChannels: 6, outputChannels: 4, kernelSize: 3, padding: 1, bias: false)
        try weights.finish()
        let x = try reference.tensors.floats("in.x").transposed(0, 2, 3, 1)
        let offsets = try reference.tensors.floats("in.offset").transposed(0, 2, 3, 1)
        let y = layer(x, offsets: offsets).transposed(0, 3, 1, 2)
        let tolerance = try #require(reference.tolerance("y"))
        let expected = try reference.tensors.floats("out.y")
        #expect(Double(y.largestDifference(from: expected)) <= tolerance.bound)
    }

    /// Three convolutions over clips, the last two dilated over time as well, within the case's own
    /// tolerance at each stage.
    @Test func headOfClipConvolutionsMatchesPyTorch() throws {
        let reference = try fixture("head_3d")
        let weights = WeightScope(reference.weights)
        func dilated(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Conv3d {
            try Conv3d(
                weights[name], inputChannels: inputs, outputChannels: outputs,
                kernelSize: (3, 3, 3), padding: (2, 2, 2), dilation: 2)
        }
        func norm(_ name: String, _ channels: Int) throws -> GroupNorm {
            try GroupNorm(weights[name], groups: 4, channels: channels)
        }
        func check(_ x: Tensor<Float>, _ name: String) throws {
            let tolerance = try #require(reference.tolerance(name))
            let expected = try reference.tensors.floats("out.\(name)")[0]
            let difference = x.transposed(3, 0, 1, 2).largestDifference(from: expected)
            #expect(Double(difference) <= tolerance.bound, "\(name)")
        }
        func normalized(_ x: Tensor<Float>, _ norm: GroupNorm) -> Tensor<Float> {
            norm(x.expandedDimensions(axis: 0), activation: .relu)[0]
        }

        let first = try Conv3d(
            weights["0"], inputChannels: 10, outputChannels: 12, kernelSize: (1, 3, 3),
            padding: (0, 1, 1))
        let (second, third) = (try dilated("3", 12, 8), try dilated("6", 8, 4))
        let last = try Conv3d(
            weights["9"], inputChannels: 4, outputChannels: 2, kernelSize: (1, 1, 1))
        let norms = (try norm("1", 12), try norm("4", 8), try norm("7", 4))
        try weights.finish()

        let x = try reference.tensors.floats("in.x")[0].transposed(1, 2, 3, 0)
        let conv0 = first(x)
        try check(conv0, "conv0")
        let after3 = second(normalized(conv0, norms.0))
        try check(after3, "after3")
        try check(last(normalized(third(normalized(after3, norms.1)), norms.2)), "y")
    }

    /// A norm folded into a convolution gives what the norm after the convolution gives.
    ///
    /// Scale and shift round differently: a few parts in 2^24 of sums of 90 products.
    @Test(arguments: [true, false])
    func foldedNormIsTheNormAfterwards(bias: Bool) throws {
        let source = try SyntheticWeights(
            [
                .init(name: "conv.weight", shape: [8, 10, 3, 3], base: 0, scale: 1),
                .init(name: "norm.weight", shape: [8], base: 1, scale: 0.3),
                .init(name: "norm.bias", shape: [8], base: 0, scale: 0.5),
                .init(name: "norm.running_mean", shape: [8], base: 0, scale: 0.5),
                .init(name: "norm.running_var", shape: [8], base: 1, scale: 0.9),
            ]
                + (bias ? [.init(name: "conv.bias", shape: [8], base: 0, scale: 1)] : []),
            origin: "test")
        let weights = WeightScope(source)
        let norm = try BatchNorm(weights["norm"], channels: 8)
        let folded = try Conv2d(
            weights["conv"], inputChannels: 10, outputChannels: 8, kernelSize: 3, padding: 1,
            bias: bias, folding: norm)
        let plain = try Conv2d(
            weights["conv"], inputChannels: 10, outputChannels: 8, kernelSize: 3, padding: 1,
            bias: bias)
        try weights.finish()
        let x = Tensor.random([2, 5, 6, 10], seed: 1)
        func values(_ name: String) throws -> [Float] {
            try source.floats("norm.\(name)").scalars
        }
        let (scale, shift) = (try values("weight"), try values("bias"))
        let (mean, variance) = (try values("running_mean"), try values("running_var"))
        let expected = plain(x).scalars.enumerated().map { i, value in
            let channel = i % 8
            let deviation = (Double(variance[channel]) + 1e-5).squareRoot()
            return Float(
                Double(value - mean[channel]) / deviation * Double(scale[channel])
                    + Double(shift[channel]))
        }
        let difference = folded(x).largestDifference(from: Tensor(expected, shape: [2, 5, 6, 8]))
        #expect(difference <= 8 * toleranceOfSum(terms: 90))
    }

    /// What is missing or has another shape is reported, not trapped on.
    @Test func wrongWeightsAreReported() throws {
        let source = try SyntheticWeights(
            [.init(name: "weight", shape: [8, 9, 3, 3], base: 0, scale: 1)], origin: "test")
        let weights = WeightScope(source)
        _ = try Conv2d(weights, inputChannels: 10, outputChannels: 8, kernelSize: 3)
        #expect(throws: CheckpointError.self) { try weights.finish() }
    }
}

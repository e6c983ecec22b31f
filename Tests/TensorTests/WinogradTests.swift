import Tensor
import TestSupport
import Testing

/// 3x3 kernels packed for stride 1 only go through Winograd's algorithm from 32 channels on, from 16 of
/// each group where there are several.
@Suite struct WinogradTests {
    struct Shape: Sendable {
        let input: [Int]
        let outputs: Int
        var frames = 1
        var padding = [0, 1, 1]
        var dilation = 1
        var groups = 1
    }

    /// Odd and even sizes, sizes below a patch, no padding and much, dilations whose grids differ in
    /// length, kernels of several frames at the clip's ends.
    ///
    /// The transforms add and subtract up to four inputs (and halves and quarters of nine weights), so
    /// that what is rounded is up to four times larger than in the direct sum.
    @Test(arguments: [
        Shape(input: [2, 7, 8, 32], outputs: 40),
        Shape(input: [1, 1, 1, 32], outputs: 32),
        Shape(input: [1, 2, 3, 40], outputs: 32, padding: [0, 2, 2]),
        Shape(input: [1, 9, 6, 48], outputs: 64, padding: [0, 0, 0]),
        Shape(input: [1, 11, 7, 32], outputs: 32, padding: [0, 2, 2], dilation: 2),
        Shape(input: [1, 10, 8, 32], outputs: 32, padding: [0, 3, 3], dilation: 3),
        Shape(input: [1, 2, 2, 32], outputs: 32, padding: [0, 4, 4], dilation: 4),
        Shape(input: [1, 5, 4, 392], outputs: 32),
        Shape(input: [1, 30, 31, 32], outputs: 32),
        Shape(input: [6, 5, 6, 32], outputs: 32, frames: 3, padding: [2, 2, 2], dilation: 2),
        Shape(input: [4, 4, 5, 32], outputs: 48, frames: 3, padding: [1, 1, 1]),
        Shape(input: [3, 4, 4, 32], outputs: 32, frames: 3, padding: [0, 1, 1]),
        Shape(input: [1, 4, 4, 32], outputs: 32, frames: 2, padding: [3, 1, 1]),
        Shape(input: [2, 7, 5, 64], outputs: 64, groups: 4),
        // Channels that are no multiple of eight, in one block and too many for it.
        Shape(input: [2, 5, 6, 100], outputs: 64),
        Shape(input: [1, 6, 5, 33], outputs: 40, frames: 3, padding: [1, 1, 1]),
        Shape(input: [1, 5, 7, 78], outputs: 80, groups: 2),
        Shape(input: [1, 4, 5, 257], outputs: 32),
        // So few patches that tasks share the outputs: evenly, and with a rest.
        Shape(input: [1, 6, 7, 32], outputs: 256),
        Shape(input: [2, 5, 4, 32], outputs: 424),
        Shape(input: [1, 30, 7, 64], outputs: 80, padding: [0, 2, 2], dilation: 2, groups: 2),
    ])
    func matchesPlainConvolution(_ shape: Shape) {
        var random = SeededRandom(UInt64(shape.input[3] + shape.outputs))
        let x = random.tensor(shape.input)
        let weight = random.tensor([
            shape.outputs, shape.input[3] / shape.groups, shape.frames, 3, 3,
        ])
        let bias = random.tensor([shape.outputs])
        let plain = Naive.convolution(
            x, weight, bias: bias, padding: shape.padding,
            dilation: Array(repeating: shape.dilation, count: 3), groups: shape.groups)
        let padding = (shape.padding[0], shape.padding[1], shape.padding[2])
        let packed = PackedConvolution(weight, groups: shape.groups, onlyStride1: true)
        let tolerance = 4 * toleranceOfSum(terms: weight.count / shape.outputs)
        let fast = conv3d(x, packed, bias: bias, padding: padding, dilation: shape.dilation)
        #expect(fast.largestDifference(from: plain) <= tolerance)

        let residual = random.tensor(plain.shape)
        let finished = conv3d(
            x, packed, bias: bias, residual: residual, padding: padding,
            dilation: shape.dilation, activation: .relu)
        let expected = Naive.finished(plain, bias: nil, residual: residual, activation: .relu)
        #expect(finished.largestDifference(from: expected) <= tolerance)
    }

    /// The errors of both ways against double precision are of one size at the channels of the models.
    @Test func isAsAccurateAsTheDirectWay() {
        var random = SeededRandom(3)
        let x = random.tensor([1, 6, 7, 256])
        let weight = random.tensor([32, 256, 3, 3])
        let plain = Naive.convolution(
            x, weight.expandedDimensions(axis: 2), padding: [0, 1, 1])
        let direct = conv2d(x, PackedConvolution(weight), padding: 1)
        let fast = conv2d(x, PackedConvolution(weight, onlyStride1: true), padding: 1)
        #expect(
            fast.largestDifference(from: plain) <= 3 * direct.largestDifference(from: plain))
    }

    @Test func viewsOfTheWeight() {
        var random = SeededRandom(4)
        let x = random.tensor([1, 5, 6, 32])
        let weight = random.tensor([32, 32, 3, 3])
        let turned = weight.transposed(0, 1, 3, 2).contiguous().transposed(0, 1, 3, 2)
        #expect(
            conv2d(x, PackedConvolution(turned, onlyStride1: true), padding: 1)
                == conv2d(x, PackedConvolution(weight, onlyStride1: true), padding: 1))
    }

    @Test(arguments: [([2, 30, 31, 40], 56), ([1, 6, 7, 40], 392)])
    func sameBitsForEveryThreadCount(shape: [Int], outputs: Int) {
        var random = SeededRandom(5)
        let x = random.tensor(shape)
        let weight = PackedConvolution(
            random.tensor([outputs, shape[3], 3, 3]), onlyStride1: true)
        let expected = withThreads(1) { conv2d(x, weight, padding: 1) }
        #expect(withThreads(3) { conv2d(x, weight, padding: 1) } == expected)
    }
}

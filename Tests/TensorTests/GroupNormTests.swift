import Tensor
import TestSupport
import Testing

@Suite struct GroupNormTests {
    struct Case: Sendable {
        var shape: [Int]
        var groups: Int
        var offset: Float = 0
    }

    static let cases: [Case] = [
        Case(shape: [1, 1, 4], groups: 2),
        Case(shape: [2, 3, 5, 16], groups: 8),
        Case(shape: [1, 6, 3, 5, 8], groups: 4),
        Case(shape: [2, 37, 24], groups: 24),
        Case(shape: [3, 11, 25], groups: 5),
        Case(shape: [1, 3000, 49], groups: 7, offset: 30),
        Case(shape: [2, 700, 392], groups: 4),
        Case(shape: [2, 700, 392], groups: 392, offset: 100),
    ]

    /// Normalised values are of size 1; a mean of `offset` costs as much of their precision as
    /// single-precision input holds: `offset * 1e-7` over the deviation, some 0.6.
    @Test(arguments: cases) func matchesNaive(shape: Case) {
        var generator = SeededRandom(5)
        let channels = shape.shape[shape.shape.count - 1]
        let x = Tensor.random(shape.shape, using: &generator) + shape.offset
        let weight = Tensor.random([channels], using: &generator)
        let bias = Tensor.random([channels], using: &generator)
        let tolerance = 3e-6 + 4e-7 * Double(shape.offset)
        for (weight, bias) in [(weight, bias), (nil, nil)] {
            for activation in [Activation.none, .relu, .relu6, .gelu] {
                let found = groupNorm(
                    x, groups: shape.groups, weight: weight, bias: bias, activation: activation)
                let expected = Naive.groupNorm(
                    x, groups: shape.groups, weight: weight, bias: bias, activation: activation)
                #expect(largestDifference(found, expected) < tolerance)
            }
        }
    }

    /// The case's own tolerance: ten times PyTorch's error against double precision.
    @Test(arguments: ["group_norm", "group_norm_5d"]) func matchesPyTorch(name: String) throws {
        let reference = try fixture(name)
        let x = try reference.tensors.floats("in.x")
        let groups = try #require(reference.config["groups"]?.int)
        let channels = x.shape[1]
        let last = [0] + Array(2..<x.rank) + [1]
        let y = groupNorm(
            x.transposed(axes: last), groups: groups,
            weight: try reference.weights.floats("weight").reshaped(channels),
            bias: try reference.weights.floats("bias").reshaped(channels))
        let back = [0, x.rank - 1] + Array(1..<x.rank - 1)
        let difference = largestDifference(
            y.transposed(axes: back), try reference.tensors.floats("out.y"))
        #expect(difference <= (try #require(reference.tolerance("y"))).bound)
    }
}

import Gradients
import Kernels
import Tensor
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct ElementwiseGradientsTests {
    struct Function: CustomStringConvertible, Sendable {
        var name: String
        var operation: UnaryOperation
        var range: ClosedRange<Float>
        var apply: @Sendable (Tensor<Float>) -> Tensor<Float>
        var exact: @Sendable (Double) -> Double

        var description: String { name }
    }

    static let functions = [
        Function(
            name: "relu", operation: .relu, range: -2...2, apply: { relu($0) },
            exact: { max(0, $0) }),
        Function(
            name: "gelu", operation: .gelu, range: -4...4, apply: { gelu($0) },
            exact: { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) }),
        Function(
            name: "sigmoid", operation: .sigmoid, range: -6...6, apply: { sigmoid($0) },
            exact: { 1 / (1 + exp(-$0)) }),
        Function(
            name: "exp", operation: .exponential, range: -3...3, apply: { exp($0) },
            exact: { exp($0) }),
        Function(
            name: "log", operation: .logarithm, range: 0.5...4, apply: { log($0) },
            exact: { log($0) }),
        Function(
            name: "sqrt", operation: .squareRoot, range: 0.5...4, apply: { sqrt($0) },
            exact: { $0.squareRoot() }),
        Function(
            name: "rsqrt", operation: .reciprocalSquareRoot, range: 0.5...4, apply: { rsqrt($0) },
            exact: { 1 / $0.squareRoot() }),
        Function(
            name: "abs", operation: .magnitude, range: -2...2, apply: { abs($0) },
            exact: { abs($0) }),
        Function(
            name: "-", operation: .negation, range: -2...2, apply: { -$0 }, exact: { -$0 }),
        Function(
            name: "clipped", operation: .clip(-1, 0.5), range: -2...2,
            apply: { $0.clipped(min: -1, max: 0.5) }, exact: { min(0.5, max(-1, $0)) }),
    ]

    /// A few roundings, the polynomials' errors of 5e-7 in the error function, and 1e-6 from the differences.
    @Test(arguments: functions, [1, 8, 37])
    func unaryMatchesDifferences(_ function: Function, count: Int) {
        var generator = SeededRandom(31)
        let step: Float = 0x1p-6
        // Two steps away from the kinks at -1, 0 and 1/2.
        let x = Tensor<Float>(
            generator.tensor([count], in: function.range).scalars.map { value in
                [-1, 0, 0.5].reduce(value) { abs($0 - $1) < 2 * step ? $1 + 2.5 * step : $0 }
            })
        let g = generator.tensor([count])
        let found = unaryGradient(
            function.operation, x: x, result: function.apply(x), gradient: g)
        let expected = centralDifferences(at: x, step: step) {
            weightedSum(g, $0.scalars.map { function.exact(Double($0)) })
        }
        #expect(gradientError(found, expected) < 5e-6)
    }

    /// Many elements are single ones: no rounding in it.
    @Test func manyElementsAreSingleOnes() {
        let (x, g) = (Tensor.random([3, 33_333], seed: 1), Tensor.random([3, 33_333], seed: 2))
        let whole = unaryGradient(.sigmoid, x: x, result: sigmoid(x), gradient: g)
        let rows = (0..<3).map {
            unaryGradient(.sigmoid, x: x[$0], result: sigmoid(x[$0]), gradient: g[$0])
        }
        #expect(whole == stacked(rows))
    }

    @Test func kinksAreThoseOfPyTorch() {
        let one = Tensor<Float>(repeating: 1, shape: [3])
        let x = Tensor<Float>([-1, 0, 6])
        func gradient(_ operation: UnaryOperation) -> [Float] {
            unaryGradient(operation, x: x, result: x, gradient: one).scalars
        }
        #expect(gradient(.relu) == [0, 0, 1])
        #expect(gradient(.magnitude) == [-1, 0, 1])
        #expect(gradient(.clip(-1, 6)) == [1, 1, 1])
        #expect(
            activationGradient(.relu6, result: Tensor([0, 3, 6]), gradient: one).scalars
                == [0, 1, 0])
        #expect(
            activationGradient(.relu, result: Tensor([0, 3, 6]), gradient: one).scalars
                == [0, 1, 1])
        #expect(activationGradient(.none, result: x, gradient: one) == one)
    }

    static let shapes: [([Int], [Int])] = [
        ([3, 5], [3, 5]), ([2, 3, 4], [4]), ([2, 1, 4], [3, 1]), ([], [5]), ([7, 1], [7, 9]),
        ([2, 1, 3, 1], [1, 4, 1, 5]), ([1], [1, 1]),
    ]

    /// Sums over at most forty stretched elements. Operands are at least a step apart for the maximum.
    @Test(
        arguments: shapes, [BinaryOperation.add, .subtract, .multiply, .divide, .maximum, .minimum])
    func binaryMatchesDifferences(shapes: ([Int], [Int]), operation: BinaryOperation) {
        var generator = SeededRandom(32)
        let step: Float = 0x1p-6
        // Multiples of four steps, and of four steps plus two.
        func grid(_ tensor: Tensor<Float>, _ shift: Float) -> Tensor<Float> {
            let values = tensor.scalars.map { ($0 / (4 * step)).rounded() * 4 * step + shift }
            return Tensor(values, shape: tensor.shape)
        }
        let a = grid(generator.tensor(shapes.0, in: -2...2), 0)
        let b = grid(generator.tensor(shapes.1, in: 1...2), 2 * step)
        let g = generator.tensor((a + b).shape)
        let found = binaryGradients(operation, a, b, gradient: g)
        func loss(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Double {
            let exact: (Double, Double) -> Double =
                switch operation {
                case .add: (+)
                case .subtract: (-)
                case .multiply: (*)
                case .divide: (/)
                case .maximum: { max($0, $1) }
                case .minimum: { min($0, $1) }
                }
            let zero = Tensor<Float>(zeros: g.shape)
            let (left, right) = (a + zero, b + zero)
            return weightedSum(
                g, zip(left.scalars, right.scalars).map { exact(Double($0), Double($1)) })
        }
        #expect(found.0.shape == a.shape && found.1.shape == b.shape)
        let byA = centralDifferences(at: a, step: step) { loss($0, b) }
        #expect(gradientError(found.0, byA) < 5e-6)
        let byB = centralDifferences(at: b, step: step) { loss(a, $0) }
        #expect(gradientError(found.1, byB) < 5e-6)
    }

    @Test func equalOperandsShareAMaximum() {
        let x = Tensor<Float>([1, 2])
        let found = binaryGradients(
            .maximum, x, Tensor([1, 3]), gradient: Tensor(repeating: 4, shape: [2]))
        #expect(found.0.scalars == [2, 0])
        #expect(found.1.scalars == [2, 4])
    }

    /// Sums of 5000 elements of size 1, in parts.
    @Test func rowsAreSummed() {
        let g = Tensor.random([4, 1250, 7], seed: 3)
        #expect(
            largestDifference(
                summedRows(g),
                Naive.reduced(g.reshaped(5000, 7), axis: 0) {
                    $0.reduce(0, +)
                }) < 1e-4)
    }
}

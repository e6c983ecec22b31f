import Kernels
import Tensor
import TestSupport
import Testing

@Suite struct LinearTests {
    /// Rows around the tile's six and the block's 96, columns around the panel's 16, inner lengths around
    /// the block's 256.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 97, 200], [1, 8, 25, 49, 392])
    func matchesPlainProduct(rows: Int, inputs: Int) {
        var random = SeededRandom(UInt64(rows * 1000 + inputs))
        for outputs in [1, 3, 16, 17, 49] {
            let x = random.tensor([rows, inputs])
            let weight = random.tensor([outputs, inputs])
            let difference = linear(x, PackedMatrix(weight))
                .largestDifference(from: Naive.linear(x, weight))
            #expect(difference <= toleranceOfSum(terms: inputs), "outputs \(outputs)")
        }
    }

    /// Bias, residual and activations, in full and in narrow panels, over one and several inner blocks.
    /// GELU's own error (5e-7 of the error function, times |x| / 2) adds to the sum's; its slope is
    /// below 1.13. A bias around 6 brings sums to both sides of ReLU6's limit.
    @Test(arguments: [Activation.none, .relu, .relu6, .gelu], [12, 300, 700])
    func epilogue(activation: Activation, inputs: Int) {
        var random = SeededRandom(UInt64(inputs))
        for outputs in [5, 32, 45] {
            let x = random.tensor([13, inputs], in: -0.3...0.3)
            let weight = random.tensor([outputs, inputs])
            let bias = random.tensor([outputs], in: activation == .relu6 ? -8...8 : -1...1)
            let residual = random.tensor([13, outputs])
            let fast = linear(
                x, PackedMatrix(weight), bias: bias, residual: residual, activation: activation)
            let plain = Naive.linear(
                x, weight, bias: bias, residual: residual, activation: activation)
            #expect(
                fast.largestDifference(from: plain) <= 1.13 * toleranceOfSum(terms: inputs) + 3e-6)
        }
    }

    @Test func leadingAxesStayAndViewsAreRead() {
        var random = SeededRandom(5)
        let x = random.tensor([4, 7, 3])
        let weight = random.tensor([7, 5])
        let view = x.transposed(2, 0, 1)
        let result = linear(view, PackedMatrix(weight.transposed(1, 0)))
        #expect(result.shape == [3, 4, 5])
        let plain = Naive.product(view.reshaped(12, 7), weight)
        #expect(
            result.reshaped(12, 5).largestDifference(from: plain) <= toleranceOfSum(terms: 7))
    }

    @Test func emptyInput() {
        let weight = PackedMatrix(Tensor(repeating: 1, shape: [3, 4]))
        #expect(linear(Tensor(zeros: [0, 4]), weight).shape == [0, 3])
        #expect(linear(Tensor(zeros: [2, 0, 4]), weight).shape == [2, 0, 3])
        let nothing = PackedMatrix(Tensor(zeros: [3, 0]))
        let bias = Tensor<Float>([1, 2, 3])
        #expect(
            linear(Tensor(zeros: [2, 0]), nothing, bias: bias).scalars == [1, 2, 3, 1, 2, 3])
    }

    /// The same bits from one thread and from several, with few rows (split by columns) and with many.
    @Test(arguments: [1, 6, 1000])
    func sameBitsForEveryThreadCount(rows: Int) {
        var random = SeededRandom(UInt64(rows))
        let x = random.tensor([rows, 500])
        let weight = PackedMatrix(random.tensor([777, 500]))
        let expected = withThreads(1) { linear(x, weight, activation: .gelu) }
        for threads in [2, 3, 5] {
            #expect(withThreads(threads) { linear(x, weight, activation: .gelu) } == expected)
        }
    }

    /// A product added to what is there, inside strides that are longer than the rows.
    @Test func accumulatesInPlace() {
        var random = SeededRandom(8)
        let (rows, inner, columns) = (11, 270, 21)
        let a = random.tensor([rows, inner + 3])
        let weight = random.tensor([columns, inner])
        let start = random.tensor([rows, columns + 2])
        var result = start
        weight.withUnsafeBuffer { weight in
            a.withUnsafeBuffer { a in
                result.withUnsafeMutableBuffer { c in
                    guard let weight = weight.baseAddress, let a = a.baseAddress,
                        let c = c.baseAddress
                    else { return }
                    packedProduct(
                        rows: rows, a, strideA: inner + 3,
                        PackedPanels(
                            weight: weight, columns: columns, inner: inner, columnStride: inner,
                            innerStride: 1),
                        into: c, strideC: columns + 2, epilogue: Epilogue(accumulate: true))
                }
            }
        }
        let plain = Naive.finished(
            Naive.linear(a.sliced(axis: 1, 0..<inner), weight), bias: nil,
            residual: start.sliced(axis: 1, 0..<columns), activation: .none)
        #expect(
            result.sliced(axis: 1, 0..<columns).largestDifference(from: plain)
                <= toleranceOfSum(terms: inner))
        #expect(
            result.sliced(axis: 1, columns..<columns + 2)
                == start.sliced(axis: 1, columns..<columns + 2))
    }
}

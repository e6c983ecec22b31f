import Tensor
import TestSupport
import Testing

@Suite struct ViewTests {
    private func counted(_ shape: [Int]) -> Tensor<Int32> {
        Tensor((0..<Int32(shape.reduce(1, *))).map { $0 }, shape: shape)
    }

    @Test(arguments: [0, 1, 2, 3, 4096, 4097, 30_001]) func repeating(count: Int) {
        #expect(Tensor<Int32>(repeating: 7, shape: [count]).scalars.allSatisfy { $0 == 7 })
        #expect(Tensor<UInt8>(repeating: 9, shape: [count]).scalars.allSatisfy { $0 == 9 })
        #expect(Tensor<Double>(zeros: [count]).scalars == [Double](repeating: 0, count: count))
    }

    @Test func reshaping() {
        let x = counted([2, 3, 4])
        #expect(x.reshaped(6, 4).scalars == x.scalars)
        #expect(x.reshaped(-1, 4).shape == [6, 4])
        #expect(x.transposed(2, 0, 1).reshaped(8, 3)[[1, 2]] == x[[1, 2, 0]])
    }

    @Test func transposing() {
        let x = counted([2, 3, 4])
        let y = x.transposed(2, 0, 1)
        #expect(y.shape == [4, 2, 3])
        #expect(!y.isContiguous && y.contiguous().isContiguous)
        for index in Naive.indices(of: [4, 2, 3]) {
            #expect(y[index] == x[[index[1], index[2], index[0]]])
            #expect(y.contiguous()[index] == y[index])
        }
        #expect(y.transposed(1, 2, 0) == x)
    }

    /// Copies of strided views: the widths of all element types, the sizes around a task's.
    @Test func contiguousCopies() {
        for (rows, columns) in [(1, 1), (3, 5), (17, 64), (300, 257)] {
            let x = counted([rows, columns])
            let expected = (0..<rows * columns).map { $0 % rows * columns + $0 / rows }
            #expect(x.transposed(1, 0).contiguous().scalars == expected.map { Int32($0) })
            let bytes = Tensor(
                x.scalars.map { UInt8(truncatingIfNeeded: $0) }, shape: [rows, columns])
            #expect(
                bytes.transposed(1, 0).contiguous().scalars
                    == expected.map { UInt8(truncatingIfNeeded: $0) })
            let doubles = Tensor(x.scalars.map(Double.init), shape: [rows, columns])
            #expect(
                doubles.transposed(1, 0).contiguous().scalars == expected.map(Double.init))
        }
        let x = counted([4, 6, 5, 3])
        let part = x.sliced(axis: 1, 1..<4).sliced(axis: 3, 1..<3).transposed(0, 2, 1, 3)
        for (i, index) in Naive.indices(of: [4, 5, 3, 2]).enumerated() {
            let source = x[[index[0], index[2] + 1, index[1], index[3] + 1]]
            #expect(part.scalars[i] == source)
        }
    }

    /// Elements that no integer is as large as.
    @Test func copiesOfOtherElements() {
        let pixels = (0..<35).map { Pixel(red: $0, green: 2 * $0, blue: 255 - $0) }
        let x = Tensor(pixels, shape: [5, 7])
        let y = x.transposed(1, 0)
        for index in Naive.indices(of: [7, 5]) {
            #expect(y.contiguous()[index] == x[[index[1], index[0]]])
            #expect(x.flipped(axis: 1)[[index[1], 6 - index[0]]] == y[index])
        }
    }

    private struct Pixel: TensorElement {
        static let zero = Pixel(red: 0, green: 0, blue: 0)
        var red: UInt8
        var green: UInt8
        var blue: UInt8
    }

    @Test func slicing() {
        let x = counted([4, 5])
        #expect(x[2].scalars == [10, 11, 12, 13, 14])
        #expect(x[1..<3].shape == [2, 5])
        #expect(x.sliced(axis: 1, 1..<3).scalars == [1, 2, 6, 7, 11, 12, 16, 17])
        #expect(x.sliced(axis: -1, 4..<5).squeezed(axis: 1).scalars == [4, 9, 14, 19])
        #expect(x.sliced(axis: 0, 2..<2).scalars.isEmpty)
        #expect(x.expandedDimensions(axis: 1).shape == [4, 1, 5])
        #expect(x.expandedDimensions(axis: 2).squeezed(axis: 2) == x)
    }

    @Test func writingCopiesWhatIsShared() {
        var x = Tensor<Float>([1, 2, 3, 4], shape: [2, 2])
        let copy = x
        let row = x[1]
        x[[1, 0]] = 9
        #expect(x.scalars == [1, 2, 9, 4])
        #expect(copy.scalars == [1, 2, 3, 4])
        #expect(row.scalars == [3, 4])
    }

    @Test func writingAViewLeavesTheWhole() {
        let x = Tensor<Float>([1, 2, 3, 4], shape: [2, 2])
        var column = x.transposed(1, 0)
        column[[0, 1]] = 7
        #expect(column.scalars == [1, 7, 2, 4])
        #expect(x.scalars == [1, 2, 3, 4])
        var row = x[0]
        row.withUnsafeMutableBuffer { $0[1] = 5 }
        #expect(row.scalars == [1, 5] && x.scalars == [1, 2, 3, 4])
    }

    @Test func writingInPlaceKeepsTheMemory() {
        var x = Tensor<Float>(repeating: 1, shape: [64])
        let before = x.withUnsafeBuffer { $0.baseAddress }
        x.withUnsafeMutableBuffer { $0[3] = 2 }
        #expect(x.withUnsafeBuffer { $0.baseAddress } == before)
    }

    @Test func equality() {
        let x = counted([2, 3])
        #expect(x == counted([2, 3]))
        #expect(x != x.reshaped(3, 2))
        #expect(x.transposed(1, 0) != x.reshaped(3, 2))
        #expect(Tensor<Float>([.nan]) != Tensor<Float>([.nan]))
    }
}

import Tensor
import TestSupport
import Testing

@Suite struct JoiningTests {
    private func counted(_ shape: [Int]) -> Tensor<Int32> {
        Tensor((0..<Int32(shape.reduce(1, *))).map { $0 }, shape: shape)
    }

    @Test func concatenation() {
        for axis in 0..<3 {
            let x = counted([3, 4, 5])
            var shape = x.shape
            shape[axis] = 2
            let y = counted(shape)
            let joined = concatenated([x, y, x], axis: axis)
            #expect(joined.shape[axis] == 2 * x.shape[axis] + 2)
            let length = x.shape[axis]
            #expect(joined.sliced(axis: axis, 0..<length) == x)
            #expect(joined.sliced(axis: axis, length..<length + 2) == y)
            #expect(joined.sliced(axis: axis, length + 2..<2 * length + 2) == x)
            #expect(concatenated([x, y, x], axis: axis - 3) == joined)
        }
    }

    @Test func concatenationOfViewsAndOfNothing() {
        let x = counted([3, 4]).transposed(1, 0)
        #expect(concatenated([x, x], axis: 0)[4..<8] == x)
        let empty = Tensor<Int32>(zeros: [0, 3])
        #expect(concatenated([empty, x, empty], axis: 0) == x)
        #expect(concatenated([empty], axis: 1) == empty)
        #expect(concatenated([empty, empty], axis: 1).shape == [0, 6])
        #expect(takeRows(x, []).shape == [0, 3])
    }

    /// Runs longer than a task's share fall into pieces.
    @Test func concatenationOfLongRuns() {
        let x = counted([2, 40_000])
        let y = counted([2, 33_000])
        let joined = concatenated([x, y], axis: 1)
        #expect(joined.sliced(axis: 1, 0..<40_000) == x)
        #expect(joined.sliced(axis: 1, 40_000..<73_000) == y)
        #expect(concatenated([x, y], axis: 1)[1] == concatenated([x[1], y[1]], axis: 0))
        #expect(takeRows(x, [1, 0, 1]) == stacked([x[1], x[0], x[1]]))
    }

    @Test func stacking() {
        let x = counted([2, 3])
        #expect(stacked([x, x]).shape == [2, 2, 3] && stacked([x, x])[1] == x)
        #expect(stacked([x, x, x], axis: 2).shape == [2, 3, 3])
        #expect(stacked([x, x], axis: 1).sliced(axis: 1, 1..<2).squeezed(axis: 1) == x)
    }

    @Test func padding() {
        let x = counted([2, 3, 4])
        let y = padded(x, [(1, 2), (0, 1), (3, 0)], value: -7)
        #expect(y.shape == [5, 4, 7])
        for index in Naive.indices(of: y.shape) {
            let source = [index[0] - 1, index[1], index[2] - 3]
            let inside = zip(source, x.shape).allSatisfy { $0 >= 0 && $0 < $1 }
            #expect(y[index] == (inside ? x[source] : -7))
        }
    }

    @Test func flipping() {
        let x = counted([3, 4, 2])
        for (axis, length) in x.shape.enumerated() {
            let y = x.flipped(axis: axis)
            for index in Naive.indices(of: x.shape) {
                var mirrored = index
                mirrored[axis] = length - 1 - index[axis]
                #expect(y[index] == x[mirrored])
            }
            #expect(y.flipped(axis: axis - 3) == x)
        }
    }

    @Test func takingRows() {
        let x = counted([4, 3])
        #expect(takeRows(x, [3, 0, 0]).scalars == [9, 10, 11, 0, 1, 2, 0, 1, 2])
        #expect(takeRows(x, []).shape == [0, 3])
        #expect(takeRows(x.transposed(1, 0), [2]).scalars == [2, 5, 8, 11])
    }
}

import Tensor
import TestSupport
import Testing

@Suite struct BroadcastingTests {
    static let shapes: [([Int], [Int])] = [
        ([], []), ([3], []), ([], [3]), ([5], [1]), ([4, 5], [5]), ([4, 1], [5]),
        ([2, 3, 8], [3, 1]), ([2, 1, 8], [2, 3, 1]), ([6, 1, 1, 9], [1, 4, 5, 1]),
        ([70, 600], [600]), ([70, 600], [70, 1]), ([1, 40_000], [3, 1]), ([0, 4], [4]),
        ([3, 17], [3, 17]),
    ]

    /// Every element by its index, with the same float operation: equal to the bit.
    @Test(arguments: shapes) func matchesNaive(a: [Int], b: [Int]) {
        let x = Tensor.random(a, in: 1...2, seed: 1)
        let y = Tensor.random(b, in: 1...2, seed: 2)
        #expect(x + y == Naive.broadcast(x, y, +))
        #expect(x - y == Naive.broadcast(x, y, -))
        #expect(x * y == Naive.broadcast(x, y, *))
        #expect(x / y == Naive.broadcast(x, y, /))
        #expect(maximum(x, y) == Naive.broadcast(x, y, Swift.max))
        #expect(minimum(x, y) == Naive.broadcast(x, y, Swift.min))
    }

    @Test func views() {
        let x = Tensor.random([6, 5, 4], seed: 1).transposed(2, 0, 1)
        let y = Tensor.random([9, 5], seed: 2).sliced(axis: 0, 2..<8)
        #expect(x + y == Naive.broadcast(x.contiguous(), y.contiguous(), +))
        #expect(y * x == Naive.broadcast(y.contiguous(), x.contiguous(), *))
        let column = Tensor.random([6, 7], seed: 3).sliced(axis: 1, 3..<4)
        #expect(y - column == Naive.broadcast(y.contiguous(), column.contiguous(), -))
    }

    @Test func inPlace() {
        let x = Tensor.random([7, 30], seed: 1)
        let row = Tensor.random([30], in: 1...2, seed: 2)
        var y = x
        y += row
        #expect(y == x + row)
        y -= row
        #expect(y == (x + row) - row)
        y = x
        y *= row
        #expect(y == x * row)
        y = x
        y /= row
        #expect(y == x / row)
        y = x
        y += 2
        y *= 3
        #expect(y == (x + 2) * 3)
    }

    /// The operand may be any view, of this tensor too.
    @Test func inPlaceWithViews() {
        let x = Tensor.random([6, 5, 9], seed: 1)
        for view in [
            Tensor.random([9, 6, 5], seed: 2).transposed(1, 2, 0),
            Tensor.random([5, 18], seed: 3).sliced(axis: 1, 4..<13),
            Tensor.random([9, 5], seed: 4).transposed(1, 0),
            Tensor.random([6, 5, 4], seed: 5).sliced(axis: 2, 2..<3),
        ] {
            var y = x
            y += view
            #expect(y == Naive.broadcast(x, view.contiguous(), +))
            y = x
            y *= view
            #expect(y == Naive.broadcast(x, view.contiguous(), *))
        }
        let square = Tensor.random([9, 9], seed: 6)
        var sum = square
        sum += sum.transposed(1, 0)
        #expect(sum == Naive.broadcast(square, square.transposed(1, 0).contiguous(), +))
    }

    @Test func inPlaceLeavesOthersAlone() {
        let x = Tensor.random([4, 4], seed: 1)
        let copy = x
        let before = x.scalars
        var y = x
        y += x
        #expect(copy.scalars == before)
        #expect(y == x + x)
    }

    @Test func scalars() {
        let x = Tensor.random([3, 5], in: 1...2, seed: 1)
        let two = Tensor<Float>([2], shape: [])
        #expect(x + 2 == x + two && 2 + x == x + two)
        #expect(x - 2 == x - two && 2 - x == two - x)
        #expect(x * 2 == x * two && 2 * x == x * two)
        #expect(x / 2 == x / two && 2 / x == two / x)
        #expect(-x == 0 - x)
    }
}

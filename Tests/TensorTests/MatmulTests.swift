import Tensor
import TestSupport
import Testing

/// By the system's BLAS and by our own product, whichever of them this machine would take.
@Suite struct MatmulTests {
    @Test(arguments: [1, 2, 17, 130], [1, 3, 49, 256, 600])
    func matchesPlainProduct(rows: Int, inner: Int) {
        var random = SeededRandom(UInt64(rows * 1000 + inner))
        for columns in [1, 8, 25, 48] {
            let a = random.tensor([rows, inner])
            let b = random.tensor([inner, columns])
            let expected = Naive.product(a, b)
            for byBLAS in [false, true] {
                let difference = matmul(a, b, byBLAS: byBLAS).largestDifference(from: expected)
                #expect(
                    difference <= toleranceOfSum(terms: inner),
                    "columns \(columns), BLAS \(byBLAS)")
            }
        }
    }

    /// Transposed, sliced and wholly irregular views give what their copies give, within rounding.
    @Test(arguments: [false, true]) func views(byBLAS: Bool) {
        var random = SeededRandom(3)
        let a = random.tensor([20, 30, 2])
        let b = random.tensor([9, 30])
        let views = [
            a.transposed(1, 0, 2).sliced(axis: 2, 0..<1).squeezed(axis: 2).transposed(1, 0),
            a.reshaped(40, 30).sliced(axis: 0, 5..<25), random.tensor([30, 20]).transposed(1, 0),
            random.tensor([20, 40]).sliced(axis: 1, 7..<37),
        ]
        for view in views {
            for other in [b.transposed(1, 0), b.transposed(1, 0).contiguous()] {
                #expect(
                    matmul(view, other, byBLAS: byBLAS).largestDifference(
                        from: Naive.product(view.contiguous(), other.contiguous()))
                        <= toleranceOfSum(terms: 30))
            }
        }
    }

    @Test(arguments: [false, true]) func leadingAxesBroadcast(byBLAS: Bool) {
        var random = SeededRandom(4)
        let a = random.tensor([2, 1, 5, 6])
        let b = random.tensor([3, 6, 4])
        // One right-hand matrix that all share, each matrix large enough for several tasks.
        let many = random.tensor([2, 300, 200])
        let shared = random.tensor([200, 190])
        let product = matmul(many, shared, byBLAS: byBLAS)
        for i in 0..<2 {
            #expect(
                product[i].largestDifference(from: Naive.product(many[i], shared))
                    <= toleranceOfSum(terms: 200))
        }
        let result = matmul(a, b, byBLAS: byBLAS)
        #expect(result.shape == [2, 3, 5, 4])
        for i in 0..<2 {
            for j in 0..<3 {
                #expect(
                    result[i][j].largestDifference(from: Naive.product(a[i][0], b[j]))
                        <= toleranceOfSum(terms: 6))
            }
        }
    }

    /// Results that fall into tasks along one side or both, of matrices that lie either way.
    @Test(arguments: [
        [48, 40, 1000], [1000, 40, 48], [300, 60, 310], [33, 3000, 130], [700, 90, 1100],
    ])
    func partsOfTheResult(sizes: [Int]) {
        var random = SeededRandom(UInt64(sizes[2]))
        let (rows, inner, columns) = (sizes[0], sizes[1], sizes[2])
        let a = random.tensor([rows, inner])
        let b = random.tensor([inner, columns])
        let expected = Naive.product(a, b)
        for left in [a, a.transposed(1, 0).contiguous().transposed(1, 0)] {
            for right in [b, b.transposed(1, 0).contiguous().transposed(1, 0)] {
                let product = matmul(left, right)
                #expect(
                    product.largestDifference(from: expected) <= toleranceOfSum(terms: inner))
                #expect(withThreads(1) { matmul(left, right) } == product)
            }
        }
    }

    @Test func emptyAxes() {
        #expect(matmul(Tensor(zeros: [0, 3]), Tensor(zeros: [3, 2])).shape == [0, 2])
        #expect(matmul(Tensor(zeros: [2, 0]), Tensor(zeros: [0, 2])).scalars == [0, 0, 0, 0])
        #expect(matmul(Tensor(zeros: [0, 2, 3]), Tensor(zeros: [3, 4])).shape == [0, 2, 4])
    }

    @Test(arguments: [false, true]) func sameBitsForEveryThreadCount(byBLAS: Bool) {
        var random = SeededRandom(6)
        let a = random.tensor([3, 700, 300])
        let b = random.tensor([3, 300, 500])
        let expected = withThreads(1) { matmul(a, b, byBLAS: byBLAS) }
        #expect(withThreads(3) { matmul(a, b, byBLAS: byBLAS) } == expected)
    }
}

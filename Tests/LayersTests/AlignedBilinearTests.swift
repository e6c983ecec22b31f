import Layers
import Tensor
import TestSupport
import Testing

@Suite struct AlignedBilinearTests {
    /// Against its definition, step by step: a row and a column are repeated at the end, the map is enlarged
    /// with aligned corners, the first row and column are repeated half a factor times, the end is cut.
    /// Places up to 8 are rounded twice, by 2^-21 each where the factor is no power of two; values differ by up
    /// to 2: 2^-19, and four products of values up to 1.
    @Test(arguments: 0..<16)
    func equalsItsDefinition(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let height = Int.random(in: 1...7, using: &random)
        let width = Int.random(in: 1...7, using: &random)
        let factor = [1, 2, 2, 3, 4, 8].randomElement(using: &random) ?? 2
        let x = random.tensor([2, height, width])
        let enlarged = alignedBilinear(x, factor: factor)
        #expect(enlarged.shape == [2, height * factor, width * factor])
        for index in Naive.indices(of: enlarged.shape) {
            let expected = value(
                of: x[index[0]], row: index[1], column: index[2], factor: factor)
            #expect(abs(Double(enlarged[index]) - expected) < 0x1p-19 + 0x1p-21)
        }
    }

    private func value(of map: Tensor<Float>, row: Int, column: Int, factor: Int) -> Double {
        func repeated(_ row: Int, _ column: Int) -> Double {
            Double(map[[min(row, map.shape[0] - 1), min(column, map.shape[1] - 1)]])
        }
        let y = Double(max(row - factor / 2, 0)) / Double(factor)
        let x = Double(max(column - factor / 2, 0)) / Double(factor)
        let (top, left) = (Int(y), Int(x))
        let (down, right) = (y - Double(top), x - Double(left))
        return (1 - down)
            * ((1 - right) * repeated(top, left) + right * repeated(top, left + 1))
            + down
            * ((1 - right) * repeated(top + 1, left) + right * repeated(top + 1, left + 1))
    }
}

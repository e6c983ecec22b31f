import Foundation
import Layers
import Tensor
import TestSupport
import Testing

@Suite struct PositionEncoding2DTests {
    /// Against the formula in double precision. Angles are up to 2 pi, of single precision: four roundings of
    /// 2^-21 stay below 2e-6.
    @Test(arguments: 0..<8)
    func equalsTheFormula(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let height = Int.random(in: 1...9, using: &random)
        let width = Int.random(in: 1...9, using: &random)
        let features = 2 * Int.random(in: 1...16, using: &random)
        // Padding at the right and at the bottom; something is left.
        let (rows, columns) = (
            Int.random(in: 1...height, using: &random), Int.random(in: 1...width, using: &random)
        )
        let mask = padded(
            Tensor<Bool>(zeros: [rows, columns]), [(0, height - rows), (0, width - columns)],
            value: true)
        let positions = PositionEncoding2D(features: features)(mask: mask)
        #expect(positions.shape == [height, width, 2 * features])
        for row in 0..<rows {
            for column in 0..<columns {
                let shares = [
                    (Double(row) + 0.5) / (Double(rows) + 1e-6),
                    (Double(column) + 0.5) / (Double(columns) + 1e-6),
                ]
                for channel in 0..<2 * features {
                    let wave = channel % features
                    let angle =
                        shares[channel / features] * 2 * Double.pi
                        / pow(10000, Double(wave / 2 * 2) / Double(features))
                    let expected = wave % 2 == 0 ? sin(angle) : cos(angle)
                    #expect(abs(Double(positions[[row, column, channel]]) - expected) < 2e-6)
                }
            }
        }
        if rows == height, columns == width {
            #expect(
                PositionEncoding2D(features: features)(height: height, width: width) == positions)
        }
    }
}

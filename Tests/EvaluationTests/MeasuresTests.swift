import Evaluation
import Tensor
import TestSupport
import Testing

/// The measures on packed bits against plain twins on single pixels.
@Suite struct MeasuresTests {
    /// Odd widths around whole words; a long strip, whose tolerance is more than a word.
    static let shapes = [
        (1, 1), (1, 7), (9, 1), (5, 63), (6, 64), (7, 65), (40, 129), (33, 200), (3, 9000),
    ]

    @Test(arguments: shapes, 0..<4)
    func overlapAndBoundaryEqualTheirTwins(shape: (Int, Int), seed: UInt64) {
        var random = SeededRandom(seed)
        let (height, width) = shape
        let density = [0.5, 0.02, 0.9, 0][Int(seed)]
        let a = randomBlobs(height, width, density, &random)
        let b = randomBlobs(height, width, 0.3, &random)
        let (first, second) = (BitMask(a), BitMask(b))
        #expect(first.count == a.scalars.count { $0 })
        // Both sides divide the same whole numbers.
        #expect(regionSimilarity(first, second) == Naive.regionSimilarity(a, b))
        #expect(boundaryAccuracy(first, second) == Naive.boundaryAccuracy(a, b))
        #expect(boundaryAccuracy(second, first) == Naive.boundaryAccuracy(b, a))
    }

    @Test(arguments: [(4, 3), (9, 70), (30, 131)], 0..<3)
    func partsEqualAFloodFill(shape: (Int, Int), seed: UInt64) {
        var random = SeededRandom(seed)
        let bitmap = Tensor<Bool>(
            (0..<shape.0 * shape.1).map { _ in Double.random(in: 0..<1, using: &random) < 0.4 },
            shape: [shape.0, shape.1])
        let boxes = BitMask(bitmap).componentBoxes
        #expect(boxes == Naive.componentBoxes(bitmap))
        for box in boxes {
            let plain = box.rows.reduce(0) { sum, row in
                sum + box.columns.count { bitmap.scalars[row * shape.1 + $0] }
            }
            #expect(BitMask(bitmap).count(in: box) == plain)
        }
    }

    @Test func labelsAreSelected() {
        let labels = Tensor<UInt8>((0..<21).map { UInt8($0 * 13 % 256) }, shape: [3, 7])
        for label in [UInt8(0), 13, 128, 255] {
            let mask = BitMask(labels, equalTo: label)
            let least = BitMask(labels, atLeast: label)
            for (index, value) in labels.scalars.enumerated() {
                #expect(mask[index / 7, index % 7] == (value == label))
                #expect(least[index / 7, index % 7] == (value >= label))
            }
        }
        #expect(BitMask(nonzero: labels).count == labels.scalars.count { $0 != 0 })
    }

    @Test func emptyMasksAgree() {
        let empty = BitMask(height: 4, width: 5)
        let full = BitMask(Tensor<Bool>(repeating: true, shape: [4, 5]))
        #expect(regionSimilarity(empty, empty) == 1)
        #expect(boundaryAccuracy(empty, empty) == 1)
        #expect(regionSimilarity(empty, full) == 0)
        // A mask that fills the frame has no boundary either.
        #expect(boundaryAccuracy(empty, full) == 1)
    }

    @Test func valuesAreSeparated() {
        let text = "a,\"b, \"\"c\"\"\",\r\n\n\"{\"\"1\"\": \"\"0\"\"}\",d\n"
        #expect(
            CommaSeparatedValues.rows(of: text) == [
                ["a", "b, \"c\"", ""], ["{\"1\": \"0\"}", "d"],
            ])
    }

    /// Single pixels and rectangles, so that there are boundaries of every kind.
    private func randomBlobs(
        _ height: Int, _ width: Int, _ density: Double, _ random: inout SeededRandom
    ) -> Tensor<Bool> {
        var pixels = (0..<height * width).map { _ in
            Double.random(in: 0..<1, using: &random) < density / 10
        }
        guard density > 0 else { return Tensor(pixels, shape: [height, width]) }
        for _ in 0..<3 {
            let top = Int.random(in: 0..<height, using: &random)
            let left = Int.random(in: 0..<width, using: &random)
            for row in top..<min(height, top + max(1, Int(Double(height) * density))) {
                for column in left..<min(width, left + max(1, Int(Double(width) * density))) {
                    pixels[row * width + column] = true
                }
            }
        }
        return Tensor(pixels, shape: [height, width])
    }
}

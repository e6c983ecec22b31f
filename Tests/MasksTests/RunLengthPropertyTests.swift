import Masks
import Tensor
import TestSupport
import Testing

/// Random masks against plain twins: exact.
@Suite struct RunLengthPropertyTests {
    static let seeds = Array(UInt64(1)...40)

    @Test(arguments: seeds) func thereAndBack(seed: UInt64) throws {
        let (bitmap, _) = Self.mask(seed)
        let mask = RunLengthMask(bitmap)
        #expect(mask.counts == Self.plainRuns(bitmap))
        #expect(mask.bitmap == bitmap)
        #expect(mask.area == bitmap.scalars.count { $0 })
        let again = try RunLengthMask(
            height: mask.height, width: mask.width, compressed: mask.compressed)
        #expect(again == mask)
        #expect(mask.boundingBox == Self.plainBox(bitmap))
    }

    @Test(arguments: seeds) func areas(seed: UInt64) {
        let (first, second) = Self.mask(seed)
        let (a, b) = (RunLengthMask(first), RunLengthMask(second))
        let pairs = zip(first.scalars, second.scalars)
        #expect(a.intersectionArea(b) == pairs.count { $0 && $1 })
        #expect(a.unionArea(b) == pairs.count { $0 || $1 })
        #expect(a.intersection(b).bitmap.scalars == pairs.map { $0 && $1 })
        #expect(a.union(b).bitmap.scalars == pairs.map { $0 || $1 })
    }

    @Test(arguments: seeds) func thresholds(seed: UInt64) {
        var random = SeededRandom(seed)
        let size = Self.size(&random)
        var values = random.tensor(size).scalars
        values[0] = .nan
        values[values.count / 2] = 0.25
        let mask = RunLengthMask(Tensor(values, shape: size), above: 0.25)
        #expect(mask.bitmap.scalars == values.map { $0 > 0.25 })
    }

    /// The same arithmetic as that of a resized tensor, so no pixel may differ.
    @Test(arguments: seeds) func resizedMaps(seed: UInt64) {
        var random = SeededRandom(seed)
        let count = Int.random(in: 1...4, using: &random)
        let maps = random.tensor([count] + Self.size(&random))
        let size = Self.size(&random)
        let enlarged = resizedBilinear(
            maps.expandedDimensions(axis: 3), height: size[0], width: size[1])
        let masks = RunLengthMask.masks(
            of: maps, resized: .bilinear(height: size[0], width: size[1]), above: 0.1)
        for (index, mask) in masks.enumerated() {
            #expect(mask.bitmap.scalars == enlarged[index].scalars.map { $0 > 0.1 })
        }
    }

    @Test(arguments: seeds) func croppedMaps(seed: UInt64) {
        var random = SeededRandom(seed)
        let count = Int.random(in: 1...4, using: &random)
        let maps = random.tensor([count] + Self.size(&random))
        let size = Self.size(&random)
        let crop = (
            height: Int.random(in: 1...4 * maps.shape[1], using: &random),
            width: Int.random(in: 1...4 * maps.shape[2], using: &random)
        )
        let enlarged = resizedBilinear(
            maps.expandedDimensions(axis: 3), height: 4 * maps.shape[1], width: 4 * maps.shape[2])
        let cropped = enlarged.sliced(axis: 1, 0..<crop.height).sliced(axis: 2, 0..<crop.width)
        let nearest = resizedNearest(cropped.contiguous(), height: size[0], width: size[1])
        let masks = RunLengthMask.masks(
            of: maps,
            resized: .enlarged(by: 4, croppedTo: crop, height: size[0], width: size[1]), above: 0)
        #expect(masks.count == count)
        for (index, mask) in masks.enumerated() {
            #expect(mask.bitmap.scalars == nearest[index].scalars.map { $0 > 0 })
        }
    }
}

extension RunLengthPropertyTests {
    static func size(_ random: inout SeededRandom) -> [Int] {
        (0..<2).map { _ in Int.random(in: 1...45, using: &random) }
    }

    /// Two masks of one size, between nearly empty and nearly full; some in large patches.
    static func mask(_ seed: UInt64) -> (Tensor<Bool>, Tensor<Bool>) {
        var random = SeededRandom(seed)
        let size = size(&random)
        let masks = (0..<2).map { _ in
            let grain = [1, 4, 16].randomElement(using: &random) ?? 1
            let small = random.tensor([1, size[0] / grain + 1, size[1] / grain + 1])
            let threshold = Float.random(in: -1.1...1.1, using: &random)
            let values = resizedNearest(small, height: size[0], width: size[1])
            return Tensor(values.scalars.map { $0 > threshold }, shape: size)
        }
        return (masks[0], masks[1])
    }

    static func plainRuns(_ bitmap: Tensor<Bool>) -> [UInt32] {
        var (counts, current): ([UInt32], Bool) = ([0], false)
        for pixel in bitmap.transposed(1, 0).scalars {
            if pixel != current { counts.append(0) }
            current = pixel
            counts[counts.count - 1] += 1
        }
        return counts
    }

    static func plainBox(_ bitmap: Tensor<Bool>) -> PixelBox? {
        let width = bitmap.shape[1]
        let set = bitmap.scalars.indices.filter { bitmap.scalars[$0] }
        let (rows, columns) = (set.map { $0 / width }, set.map { $0 % width })
        guard let top = rows.min(), let bottom = rows.max(), let left = columns.min(),
            let right = columns.max()
        else { return nil }
        return PixelBox(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }
}

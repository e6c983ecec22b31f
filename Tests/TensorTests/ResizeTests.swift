import Checkpoints
import Foundation
import Tensor
import TestSupport
import Testing

/// Opens a case of this target's `Fixtures`: what PyTorch or Pillow computed.
func fixture(_ name: String) throws -> ReferenceCase {
    try ReferenceCase(
        path: Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)").path)
}

@Suite struct ResizeTests {
    static let sizes = [(5, 7), (10, 14), (13, 9), (3, 4), (4, 20), (40, 56)]

    /// The case's own tolerance: ten times PyTorch's error against double precision.
    @Test(arguments: sizes) func bilinearMatchesPyTorch(height: Int, width: Int) throws {
        let reference = try fixture("interpolate")
        let x = try reference.tensors.floats("in.x").transposed(0, 2, 3, 1)
        let name = "bilinear_\(height)x\(width)"
        let y = resizedBilinear(x, height: height, width: width).transposed(0, 3, 1, 2)
        let expected = try reference.tensors.floats("out.\(name)")
        let tolerance = try #require(reference.tolerance(name))
        #expect(largestDifference(y, expected) <= tolerance.bound)
    }

    /// Elements are copied: no difference at all.
    @Test(arguments: sizes) func nearestMatchesPyTorch(height: Int, width: Int) throws {
        let reference = try fixture("interpolate")
        let x = try reference.tensors.floats("in.x").transposed(0, 2, 3, 1)
        let y = resizedNearest(x, height: height, width: width).transposed(0, 3, 1, 2)
        #expect(y == (try reference.tensors.floats("out.nearest_\(height)x\(width)")))
    }

    /// Frames stay themselves, so the 3-D resize of a clip is that of its frames.
    @Test func nearestOfClips() throws {
        let reference = try fixture("interpolate")
        let x = try reference.tensors.floats("in.x").transposed(0, 2, 3, 1)
        let frames = concatenated([x, x, x], axis: 0)
        let y = resizedNearest(frames, height: 11, width: 16).transposed(3, 0, 1, 2)
        #expect(y == (try reference.tensors.floats("out.nearest3d"))[0])
    }

    /// The case keeps every sixth channel; the tolerance is its own.
    @Test func tokensAreUpsampledAsMaps() throws {
        let reference = try fixture("upsample_tokens")
        let x = try reference.tensors.floats("in.x").reshaped(3, 2, 3, 384)
        let y = resizedBilinear(x, height: 4, width: 5).reshaped(60, 1, 64, 6)
            .sliced(axis: 3, 0..<1).squeezed(axis: 3)
        let tolerance = try #require(reference.tolerance("y"))
        let expected = try reference.tensors.floats("out.y")
        #expect(largestDifference(y, expected) <= tolerance.bound)
    }

    @Test(arguments: [(17, 31), (9, 16), (5, 8), (3, 4), (2, 2)])
    func masksMatchPyTorch(height: Int, width: Int) throws {
        let reference = try fixture("mask_downsample")
        let mask = try reference.tensors.integers("in.mask")
        let expected = try reference.tensors.integers("out.m\(height)x\(width)")
        #expect(resizedNearest(mask, height: height, width: width) == expected)
        let flags = Tensor(mask.scalars.map { $0 != 0 }, shape: mask.shape)
        #expect(
            resizedNearest(flags, height: height, width: width).scalars
                == expected.scalars.map { $0 != 0 })
    }

    /// Random sizes, larger and smaller, down to one pixel.
    ///
    /// Positions of up to 40 are rounded to single precision, some 5e-6 of a pixel, on both axes, between
    /// values that differ by up to 2.
    @Test(arguments: 0..<30) func matchesPlainResizing(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let shape = [3, 40, 40, 20].map { Int.random(in: 1...$0, using: &random) }
        let (height, width) = (
            Int.random(in: 1...50, using: &random), Int.random(in: 1...50, using: &random)
        )
        let x = random.tensor(shape)
        let bilinear = resizedBilinear(x, height: height, width: width)
        #expect(
            bilinear.largestDifference(
                from: Naive.resizedBilinear(x, height: height, width: width)) < 2e-5)

        let nearest = resizedNearest(x, height: height, width: width)
        let (down, right) = (Float(shape[1]) / Float(height), Float(shape[2]) / Float(width))
        for index in Naive.indices(of: [shape[0], height, width]) {
            let source = [index[0], Int(Float(index[1]) * down), Int(Float(index[2]) * right)]
            #expect(
                nearest[index[0]][index[1]][index[2]] == x[source[0]][source[1]][source[2]])
        }
    }

    @Test func manyChannels() {
        for channels in [1, 3, 8, 13, 40] {
            let x = Tensor.random([2, 7, 5, channels], seed: UInt64(channels))
            let y = resizedBilinear(x, height: 12, width: 9)
            for c in 0..<channels {
                let plane = x.sliced(axis: 3, c..<c + 1).contiguous()
                #expect(
                    resizedBilinear(plane, height: 12, width: 9)
                        == y.sliced(axis: 3, c..<c + 1).contiguous())
            }
        }
    }
}

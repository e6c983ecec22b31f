import Layers
import Tensor
import TestSupport
import Testing

@Suite struct PositionEncoding3DTests {
    /// PyTorch's sines and ours are of float arguments up to 2 pi: 1e-6 is two roundings of them.
    @Test(arguments: ["position_encoding_3d", "position_encoding_3d_128"])
    func paddedMatchesPyTorch(name: String) throws {
        let reference = try fixture(name)
        let features = try #require(reference.config["num_pos_feats"]?.int)
        let mask = try reference.tensors.integers("in.mask")
        let positions = PositionEncoding3D(features: features)(
            mask: Tensor(mask.scalars.map { $0 != 0 }, shape: mask.shape))
        let expected = try reference.tensors.floats("out.pos")[0].transposed(0, 2, 3, 1)
        #expect(largestDifference(positions, expected) < 1e-6)
    }

    @Test func unpaddedMatchesPyTorch() throws {
        let reference = try fixture("position_encoding_3d")
        let expected = try reference.tensors.floats("out.pos_nomask")[0].transposed(0, 2, 3, 1)
        let encoding = PositionEncoding3D(features: 8)
        let positions = encoding(frames: 6, height: 5, width: 7)
        #expect(largestDifference(positions, expected) < 1e-6)
        #expect(positions == encoding(mask: Tensor(zeros: [6, 5, 7])))
    }
}

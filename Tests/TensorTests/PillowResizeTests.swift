import Tensor
import TestSupport
import Testing

@Suite struct PillowResizeTests {
    /// Bit for bit.
    @Test(arguments: [(24, 43), (33, 33), (47, 84), (60, 107)])
    func matchesPillow(height: Int, width: Int) throws {
        let reference = try fixture("pil_resize")
        func bytes(_ name: String) throws -> Tensor<UInt8> {
            let values = try reference.tensors.integers(name)
            return Tensor(values.scalars.map { UInt8($0) }, shape: values.shape)
        }
        let image = try bytes("in.image")
        let expected = try bytes("out.pil_bilinear_\(height)x\(width)")
        #expect(resizedPillow(image, height: height, width: width) == expected)
    }

    @Test func sameSizeIsTheSameImage() throws {
        let image = Tensor<UInt8>((0..<60).map { UInt8($0 * 4) }, shape: [4, 5, 3])
        #expect(resizedPillow(image, height: 4, width: 5) == image)
    }

    /// Weights sum to one: a flat image stays flat, whatever the size.
    @Test(arguments: [(1, 1), (3, 200), (57, 2), (64, 64)])
    func flatImagesStayFlat(height: Int, width: Int) {
        let image = Tensor<UInt8>(repeating: 201, shape: [17, 31, 3])
        let resized = resizedPillow(image, height: height, width: width)
        #expect(resized == Tensor(repeating: 201, shape: [height, width, 3]))
    }
}

import CTurboJPEG
import Tensor

extension JPEG {
    /// Encodes an RGB image `[height, width, 3]`, with full chroma.
    ///
    /// - Parameter quality: from 1 to 100.
    public static func encode(rgb image: Tensor<UInt8>, quality: Int = 80) throws -> [UInt8] {
        precondition(
            image.rank == 3 && image.shape[2] == 3 && (1...100).contains(quality),
            "JPEG.encode: \(image.shape) at quality \(quality), not [height, width, 3]")
        guard let encoder = tjInitCompress() else {
            throw MediaError(.cannotWrite, "JPEG image", "there is no memory for the encoder")
        }
        defer { tjDestroy(encoder) }
        var output: UnsafeMutablePointer<UInt8>?
        var length: UInt = 0
        let code = image.withUnsafeBuffer { pixels in
            tjCompress2(
                encoder, pixels.baseAddress, Int32(image.shape[1]), 0, Int32(image.shape[0]),
                Int32(TJPF_RGB.rawValue), &output, &length, Int32(TJSAMP_444.rawValue),
                Int32(quality), 0)
        }
        defer { tjFree(output) }
        guard code == 0, let output else {
            let words = tjGetErrorStr2(encoder).map { String(cString: $0) } ?? "unknown error"
            throw MediaError(.cannotWrite, "JPEG image", "it cannot be encoded: \(words)")
        }
        return Array(UnsafeBufferPointer(start: output, count: Int(length)))
    }
}

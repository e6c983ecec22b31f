import CTurboJPEG
import Tensor

/// JPEG images, read through TurboJPEG.
public enum JPEG {
    /// Whether `bytes` begin as a JPEG file does.
    static func matches(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0xFF, 0xD8, 0xFF])
    }

    /// Decodes a JPEG file to RGB, `[height, width, 3]`, turned as its EXIF orientation says.
    ///
    /// CMYK and YCCK are converted without a colour profile. A file that ends early is refused.
    /// `path` is used in messages only.
    public static func decode(_ bytes: [UInt8], path: String = "JPEG image") throws -> Tensor<UInt8>
    {
        try withDecoder(path) { decoder in
            let header = try header(decoder, bytes, path)
            let isCMYK = [TJCS_CMYK, TJCS_YCCK].map { Int32($0.rawValue) }
                .contains(header.colourSpace)
            let markers = JPEGMarkers(bytes)
            let stored = try pixels(
                decoder, bytes, header.size, isCMYK ? TJPF_CMYK : TJPF_RGB,
                channels: isCMYK ? 4 : 3, markers, path)
            let image = isCMYK ? rgb(cmyk: stored, isInverted: markers.hasAdobeMarker) : stored
            return image.oriented(markers.orientation)
        }
    }

    /// Decodes a JPEG file to gray levels, `[height, width]`: its luma as it is stored, turned as its EXIF orientation
    /// says. `path` is used in messages only.
    public static func decodeGray(
        _ bytes: [UInt8], path: String = "JPEG image"
    ) throws -> Tensor<UInt8> {
        try withDecoder(path) { decoder in
            let header = try header(decoder, bytes, path)
            let markers = JPEGMarkers(bytes)
            let image = try pixels(
                decoder, bytes, header.size, TJPF_GRAY, channels: 1, markers, path
            ).oriented(markers.orientation)
            return image.reshaped(image.shape[0], image.shape[1])
        }
    }

    private static func withDecoder<Result>(
        _ path: String, _ body: (tjhandle) throws -> Result
    ) throws -> Result {
        guard let decoder = tjInitDecompress() else {
            throw MediaError(.cannotRead, path, "there is no memory for the JPEG decoder")
        }
        defer { tjDestroy(decoder) }
        return try body(decoder)
    }

    private static func pixels(
        _ decoder: tjhandle, _ bytes: [UInt8], _ size: ImageSize, _ format: TJPF, channels: Int,
        _ markers: JPEGMarkers, _ path: String
    ) throws -> Tensor<UInt8> {
        try Tensor<UInt8>(shape: [size.height, size.width, channels]) { pixels in
            let code = tjDecompress2(
                decoder, bytes, UInt(bytes.count), pixels.baseAddress, Int32(size.width), 0,
                Int32(size.height), Int32(format.rawValue), TJFLAG_LIMITSCANS)
            // A warning leaves an image behind, but where the file ends early a part of it is made up.
            guard code != 0 else { return }
            guard tjGetErrorCode(decoder) == TJERR_WARNING.rawValue, markers.hasEnd else {
                throw damaged(path, message(decoder))
            }
        }
    }

    /// The size of the image in a JPEG file, after its EXIF orientation is applied.
    static func size(_ bytes: [UInt8], path: String) throws -> ImageSize {
        let size = try withDecoder(path) { try header($0, bytes, path).size }
        return JPEGMarkers(bytes).orientation.exchangesSides ? size.turned : size
    }

    private static func header(
        _ decoder: tjhandle, _ bytes: [UInt8], _ path: String
    ) throws -> (size: ImageSize, colourSpace: Int32) {
        var width: Int32 = 0
        var height: Int32 = 0
        var subsampling: Int32 = 0
        var colourSpace: Int32 = 0
        let code = tjDecompressHeader3(
            decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &colourSpace)
        let isUsable = code == 0 || tjGetErrorCode(decoder) == TJERR_WARNING.rawValue
        guard isUsable, width > 0, height > 0 else { throw damaged(path, message(decoder)) }
        let size = ImageSize(width: Int(width), height: Int(height))
        try ImageLimits.check(size, path: path)
        return (size, colourSpace)
    }

    /// Ink to light. Files with Adobe's marker store the inks inverted.
    private static func rgb(cmyk: Tensor<UInt8>, isInverted: Bool) -> Tensor<UInt8> {
        cmyk.withUnsafeBuffer { source in
            Tensor(shape: [cmyk.shape[0], cmyk.shape[1], 3]) { target in
                let flip: UInt8 = isInverted ? 0 : 255
                for pixel in 0..<source.count / 4 {
                    let light = Int(source[4 * pixel + 3] ^ flip)
                    for channel in 0..<3 {
                        let level = Int(source[4 * pixel + channel] ^ flip) * light
                        target.initializeElement(
                            at: 3 * pixel + channel, to: UInt8((level + 127) / 255))
                    }
                }
            }
        }
    }

    private static func message(_ decoder: tjhandle) -> String {
        tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "unknown error"
    }

    private static func damaged(_ path: String, _ words: String) -> MediaError {
        MediaError(
            .badData, path, "the JPEG file is damaged or not supported: \(printable(words))")
    }
}

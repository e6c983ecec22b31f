import CSpng
import Tensor

/// PNG images, read and written through libspng.
public enum PNG {
    /// Chunks other than pixels (text, colour profiles) may not unpack to more than this.
    static let chunkLimit = 8 << 20

    /// Whether `bytes` begin as a PNG file does.
    static func matches(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    }

    /// The width and height that the header of a PNG file claims.
    static func size(_ bytes: [UInt8], path: String) throws -> ImageSize {
        guard bytes.count >= 24, bytes[12..<16].elementsEqual("IHDR".utf8) else {
            throw MediaError(.badData, path, "the PNG file ends before its header does")
        }
        func number(_ start: Int) -> Int {
            bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        let size = ImageSize(width: number(16), height: number(20))
        try ImageLimits.check(size, path: path)
        return size
    }

    /// Decodes a PNG file of any colour type and depth to RGB, `[height, width, 3]`.
    ///
    /// 16 bits are cut to their upper 8; alpha is dropped, as in the official models' loaders; palettes
    /// are applied. `path` is used in messages only.
    public static func decode(_ bytes: [UInt8], path: String = "PNG image") throws -> Tensor<UInt8>
    {
        try withDecoder(bytes, path: path) { context, header in
            try pixels(
                context, format: SPNG_FMT_RGB8, path: path,
                shape: [Int(header.height), Int(header.width), 3])
        }
    }

    /// Decodes a PNG file with one value a pixel to these values, `[height, width]`: palette indices
    /// (object ids) or gray levels, without scaling. Refuses other colour types.
    ///
    /// An alpha channel beside gray levels is dropped, as DAVIS's own reader does: a few masks of its 2016 edition,
    /// such as `bear/00077.png`, have one.
    public static func decodeIndices(
        _ bytes: [UInt8], path: String = "PNG image"
    ) throws -> Tensor<UInt8> {
        try withDecoder(bytes, path: path) { context, header in
            let isPalette = UInt32(header.color_type) == SPNG_COLOR_TYPE_INDEXED.rawValue
            let isGray = UInt32(header.color_type) == SPNG_COLOR_TYPE_GRAYSCALE.rawValue
            let hasAlpha =
                UInt32(header.color_type) == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA.rawValue
            guard isPalette || isGray || hasAlpha, header.bit_depth <= 8 else {
                throw MediaError(
                    .badData, path,
                    "a mask is a PNG with a palette or with 8-bit gray levels, this one has "
                        + "\(colourName(header))")
            }
            let width = Int(header.width)
            let height = Int(header.height)
            if hasAlpha {
                let pairs = try pixels(
                    context, format: SPNG_FMT_PNG, path: path, shape: [height, width, 2])
                return pairs.sliced(axis: 2, 0..<1).contiguous().reshaped(height, width)
            }
            let depth = Int(header.bit_depth)
            let rowBytes = (width * depth + 7) / 8
            let packed = try pixels(
                context, format: SPNG_FMT_PNG, path: path, shape: [height, rowBytes])
            let indices = depth == 8 ? packed : unpacked(packed, width: width, depth: depth)
            if isPalette {
                var palette = spng_plte()
                try check(spng_get_plte(context, &palette), path)
                let largest = indices.withUnsafeBuffer { $0.max() ?? 0 }
                guard Int(largest) < Int(palette.n_entries) else {
                    throw MediaError(
                        .badData, path,
                        "a pixel has index \(largest), but the palette has \(palette.n_entries) colours"
                    )
                }
            }
            return indices
        }
    }

    /// Spreads rows of 1, 2 or 4-bit values, most significant first, to a byte each.
    private static func unpacked(_ packed: Tensor<UInt8>, width: Int, depth: Int) -> Tensor<UInt8> {
        let mask = UInt8((1 << depth) - 1)
        let perByte = 8 / depth
        let (height, rowBytes) = (packed.shape[0], packed.shape[1])
        return packed.withUnsafeBuffer { source in
            Tensor(shape: [height, width]) { target in
                var written = 0
                for row in 0..<height {
                    var column = 0
                    for index in 0..<rowBytes {
                        var byte = source[row &* rowBytes &+ index]
                        for _ in 0..<min(perByte, width &- column) {
                            target[written] = byte &>> UInt8(8 &- depth) & mask
                            byte = byte &<< UInt8(depth)
                            written &+= 1
                        }
                        column &+= perByte
                    }
                }
            }
        }
    }

    private static func withDecoder<Result>(
        _ bytes: [UInt8], path: String, _ body: (OpaquePointer, spng_ihdr) throws -> Result
    ) throws -> Result {
        guard let context = spng_ctx_new(0) else {
            throw MediaError(.cannotRead, path, "there is no memory for the PNG decoder")
        }
        defer { spng_ctx_free(context) }
        return try bytes.withUnsafeBytes { buffer in
            _ = try size(bytes, path: path)
            try check(spng_set_chunk_limits(context, chunkLimit, 2 * chunkLimit), path)
            try check(spng_set_png_buffer(context, buffer.baseAddress, buffer.count), path)
            var header = spng_ihdr()
            try check(spng_get_ihdr(context, &header), path)
            return try body(context, header)
        }
    }

    private static func pixels(
        _ context: OpaquePointer, format: spng_format, path: String, shape: [Int]
    ) throws -> Tensor<UInt8> {
        var length = 0
        try check(spng_decoded_image_size(context, Int32(format.rawValue), &length), path)
        guard length == shape.reduce(1, *) else {
            throw MediaError(
                .badData, path, "the PNG file decodes to \(length) bytes, not \(shape)")
        }
        return try Tensor(shape: shape) { buffer in
            try check(
                spng_decode_image(context, buffer.baseAddress, length, Int32(format.rawValue), 0),
                path)
        }
    }

    private static func colourName(_ header: spng_ihdr) -> String {
        let name =
            switch UInt32(header.color_type) {
            case SPNG_COLOR_TYPE_GRAYSCALE.rawValue: "gray levels"
            case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA.rawValue: "gray levels and alpha"
            case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA.rawValue: "RGB colours and alpha"
            default: "RGB colours"
            }
        return "\(header.bit_depth)-bit \(name)"
    }

    /// Throws what libspng says where `code` is not success.
    static func check(_ code: Int32, _ path: String) throws {
        guard code != 0 else { return }
        let words = spng_strerror(code).map { String(cString: $0) } ?? "error \(code)"
        throw MediaError(.badData, path, "the PNG file is damaged or not supported: \(words)")
    }
}

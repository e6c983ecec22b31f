import CSpng
import Tensor

extension PNG {
    /// zlib's strategy that looks for no repetitions: photographs have few, and it is three times as fast.
    private static let huffmanOnly: Int32 = 2

    /// Encodes an RGB image `[height, width, 3]`.
    public static func encode(rgb image: Tensor<UInt8>) throws -> [UInt8] {
        precondition(
            image.rank == 3 && image.shape[2] == 3,
            "PNG.encode(rgb:): expected [height, width, 3], got \(image.shape)")
        return try encode(
            image, colourType: SPNG_COLOR_TYPE_TRUECOLOR, filter: SPNG_FILTER_CHOICE_UP,
            strategy: huffmanOnly)
    }

    /// Encodes gray levels `[height, width]`, 8 bits each: a soft mask.
    public static func encode(gray image: Tensor<UInt8>) throws -> [UInt8] {
        precondition(
            image.rank == 2, "PNG.encode(gray:): expected [height, width], got \(image.shape)")
        return try encode(
            image, colourType: SPNG_COLOR_TYPE_GRAYSCALE, filter: SPNG_FILTER_CHOICE_SUB)
    }

    /// Encodes indices `[height, width]` with a palette: a mask whose index is the object's id.
    public static func encode(
        indices image: Tensor<UInt8>, palette: Palette = .davis
    ) throws -> [UInt8] {
        precondition(
            image.rank == 2, "PNG.encode(indices:): expected [height, width], got \(image.shape)")
        return try encode(
            image, colourType: SPNG_COLOR_TYPE_INDEXED, filter: SPNG_FILTER_CHOICE_NONE,
            palette: palette)
    }

    private static func encode(
        _ image: Tensor<UInt8>, colourType: spng_color_type, filter: spng_filter_choice,
        strategy: Int32 = 0, palette: Palette? = nil
    ) throws -> [UInt8] {
        let name = "PNG image"
        try ImageLimits.check(
            ImageSize(width: image.shape[1], height: image.shape[0]), path: name)
        guard let context = spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue)) else {
            throw MediaError(.cannotWrite, name, "there is no memory for the PNG encoder")
        }
        defer { spng_ctx_free(context) }
        var header = spng_ihdr(
            width: UInt32(image.shape[1]), height: UInt32(image.shape[0]), bit_depth: 8,
            color_type: UInt8(colourType.rawValue), compression_method: 0, filter_method: 0,
            interlace_method: 0)
        try check(spng_set_ihdr(context, &header), name)
        if let palette {
            var entries = palette.libraryPalette
            try check(spng_set_plte(context, &entries), name)
        }
        try check(spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1), name)
        try check(spng_set_option(context, SPNG_IMG_COMPRESSION_LEVEL, 1), name)
        try check(spng_set_option(context, SPNG_IMG_COMPRESSION_STRATEGY, strategy), name)
        try check(spng_set_option(context, SPNG_FILTER_CHOICE, Int32(filter.rawValue)), name)
        try image.withUnsafeBuffer { pixels in
            try check(
                spng_encode_image(
                    context, pixels.baseAddress, pixels.count, Int32(SPNG_FMT_PNG.rawValue),
                    Int32(SPNG_ENCODE_FINALIZE.rawValue)), name)
        }
        var length = 0
        var code: Int32 = 0
        let encoded = spng_get_png_buffer(context, &length, &code)
        try check(code, name)
        guard let encoded else {
            throw MediaError(.cannotWrite, name, "the PNG encoder gave no data")
        }
        defer { free(encoded) }
        return [UInt8](UnsafeRawBufferPointer(start: encoded, count: length))
    }
}

extension Palette {
    var libraryPalette: spng_plte {
        var result = spng_plte()
        result.n_entries = 256
        withUnsafeMutableBytes(of: &result.entries) { bytes in
            for (index, colour) in colours.enumerated() {
                bytes[4 * index] = colour.red
                bytes[4 * index + 1] = colour.green
                bytes[4 * index + 2] = colour.blue
                bytes[4 * index + 3] = 255
            }
        }
        return result
    }
}

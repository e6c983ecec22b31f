/// Builds PNG files of every kind byte by byte, plainly: uncompressed and unfiltered.
///
/// Source: W3C PNG specification, second edition (chunks, Adam7); RFC 1950 and 1951 (stored blocks).
struct PNGBuilder {
    var width: Int
    var height: Int
    var depth = 8
    /// 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha.
    var colourType = 2
    var isInterlaced = false
    var palette: [UInt8] = []
    var transparency: [UInt8] = []
    /// Chunks before the pixels.
    var extra: [(type: String, content: [UInt8])] = []
    /// The samples of a pixel, at their depth.
    var samples: (_ row: Int, _ column: Int) -> [Int] = { _, _ in [0, 0, 0] }

    /// The whole file.
    var bytes: [UInt8] {
        var result: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        result += Self.chunk("IHDR", header)
        for (type, content) in extra { result += Self.chunk(type, content) }
        if !palette.isEmpty { result += Self.chunk("PLTE", palette) }
        if !transparency.isEmpty { result += Self.chunk("tRNS", transparency) }
        result += Self.chunk("IDAT", Self.stored(scanlines))
        return result + Self.chunk("IEND", [])
    }

    var header: [UInt8] {
        Self.bigEndian(width) + Self.bigEndian(height)
            + [UInt8(depth), UInt8(colourType), 0, 0, isInterlaced ? 1 : 0]
    }

    private var scanlines: [UInt8] {
        let passes =
            isInterlaced
            ? [
                (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
                (1, 0, 2, 1),
            ] : [(0, 0, 1, 1)]
        var result: [UInt8] = []
        for (firstRow, firstColumn, rowStep, columnStep) in passes where firstColumn < width {
            for row in stride(from: firstRow, to: height, by: rowStep) {
                var bits: [Int] = []
                for column in stride(from: firstColumn, to: width, by: columnStep) {
                    for sample in samples(row, column) {
                        for bit in (0..<depth).reversed() { bits.append(sample >> bit & 1) }
                    }
                }
                result.append(0)
                for start in stride(from: 0, to: bits.count, by: 8) {
                    var byte = 0
                    for i in start..<start + 8 { byte = byte << 1 | (i < bits.count ? bits[i] : 0) }
                    result.append(UInt8(byte))
                }
            }
        }
        return result
    }

    static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        return bigEndian(content.count) + body + bigEndian(Int(crc32(body)))
    }

    static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A zlib stream of stored blocks.
    static func stored(_ data: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let end = min(start + 65_535, data.count)
            let length = end - start
            result += [
                end == data.count ? 1 : 0, UInt8(length & 255), UInt8(length >> 8),
                UInt8(~length & 255), UInt8(~length >> 8 & 255),
            ]
            result += data[start..<end]
            start = end
        } while start < data.count
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in data {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return result + bigEndian(Int(b << 16 | a))
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
    }

    static func crc32(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
    }
}

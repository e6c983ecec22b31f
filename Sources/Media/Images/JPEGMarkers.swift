/// What the markers before a JPEG file's pixels say beyond what the decoder reports.
///
/// Source: ITU-T T.81 annex B (marker segments), Exif 2.3 section 4.6 (orientation, tag 0x0112).
struct JPEGMarkers {
    /// How the stored image is to be turned.
    private(set) var orientation = Orientation.upright

    /// Whether Adobe's marker is present, which means that CMYK inks are stored inverted.
    private(set) var hasAdobeMarker = false

    /// Where the first scan begins.
    private var scanStart: Int?

    private let bytes: [UInt8]

    /// Whether the mark of the image's end follows the scans. It cannot occur inside them.
    var hasEnd: Bool {
        guard let scanStart else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            (scanStart..<bytes.count - 1).contains { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD9 }
        }
    }

    /// Reads the markers of a file, as far as they make sense: wrong ones are ignored here.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            if marker == 0xFF {
                position += 1
                continue
            }
            if marker == 0xDA { scanStart = position }
            let endsImage = marker == 0xD9
            if scanStart != nil || endsImage { return }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard length >= 2, position + 2 + length <= bytes.count else { return }
            let content = bytes[position + 4..<position + 2 + length]
            if marker == 0xE1, content.starts(with: Array("Exif".utf8) + [0, 0]) {
                orientation = Self.orientation(exif: Array(content.dropFirst(6))) ?? orientation
            }
            if marker == 0xEE, content.starts(with: "Adobe".utf8) { hasAdobeMarker = true }
            position += 2 + length
        }
    }

    /// The orientation in the first directory of a TIFF structure, where there is one.
    static func orientation(exif bytes: [UInt8]) -> Orientation? {
        let isLittle = bytes.starts(with: "II".utf8)
        guard isLittle || bytes.starts(with: "MM".utf8) else { return nil }
        func number(_ start: Int, _ count: Int) -> Int? {
            guard start >= 0, start + count <= bytes.count else { return nil }
            let digits = bytes[start..<start + count]
            return isLittle
                ? digits.reversed().reduce(0) { $0 << 8 | Int($1) }
                : digits.reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2)
        else { return nil }
        for entry in 0..<count {
            let start = directory + 2 + 12 * entry
            guard let tag = number(start, 2), let type = number(start + 2, 2) else { return nil }
            if tag == 0x0112, type == 3, let value = number(start + 8, 2) {
                return Orientation(rawValue: value)
            }
        }
        return nil
    }
}

/// The bytes of a pickle program: a range of a file, read through a small window.
struct PickleStream {
    let file: CheckpointFile
    /// The place in the file of the next byte.
    private(set) var position: Int

    private let end: Int
    private var window: [UInt8] = []
    private var windowStart = 0

    private static let windowCount = 1 << 16

    init(_ file: CheckpointFile, range: Range<Int>) {
        self.file = file
        position = range.lowerBound
        end = range.upperBound
    }

    mutating func byte() throws -> UInt8 {
        let index = position - windowStart
        if index >= 0, index < window.count {
            position += 1
            return window[index]
        }
        guard position < end else { throw cutShort() }
        window = try file.bytes(at: position, count: min(Self.windowCount, end - position))
        windowStart = position
        position += 1
        return window[0]
    }

    /// The next `count` bytes. Nothing is allocated before the file is known to have them.
    mutating func bytes(_ count: Int) throws -> [UInt8] {
        guard count >= 0, count <= end - position else { throw cutShort() }
        let index = position - windowStart
        if index >= 0, index + count <= window.count {
            position += count
            return Array(window[index..<index + count])
        }
        let bytes = try file.bytes(at: position, count: count)
        position += count
        return bytes
    }

    /// A little-endian unsigned number of at most eight bytes.
    mutating func integer(_ width: Int) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in 0..<width { value |= UInt64(try byte()) << UInt64(8 * shift) }
        return value
    }

    /// A count of bytes that follow.
    mutating func count(_ width: Int) throws -> Int {
        let value = try integer(width)
        guard value <= UInt64(end - position) else { throw cutShort() }
        return Int(value)
    }

    /// The text up to the end of the line.
    mutating func line() throws -> String {
        var bytes: [UInt8] = []
        while true {
            let next = try byte()
            if next == 0x0A { break }
            guard bytes.count < 1 << 16 else { throw malformed("a line of text has no end") }
            bytes.append(next)
        }
        return try text(bytes)
    }

    func text(_ bytes: [UInt8]) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw malformed("a string is not UTF-8")
        }
        return text
    }

    func malformed(_ problem: String) -> CheckpointError {
        .malformed(path: file.path, problem: "in its pickle, before byte \(position), \(problem)")
    }

    private func cutShort() -> CheckpointError {
        malformed("the program ends too early: the file is cut short")
    }
}

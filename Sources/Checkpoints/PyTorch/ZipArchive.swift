import FileAccess

/// The directory of a zip archive. Members can be used that are stored without compression, which is how
/// PyTorch writes them.
///
/// Source: PKWARE's APPNOTE, sections 4.3 and 4.5.3 (zip64).
struct ZipArchive {
    /// A member and where its bytes lie in the file.
    struct Member {
        let name: String
        let range: Range<Int>
        let checksum: UInt32
        /// 0 where the bytes are stored as they are.
        let method: Int
    }

    let file: CheckpointFile
    private(set) var members: [String: Member] = [:]

    /// Reads and checks the directory: names, sizes, places, no overlap.
    init(_ file: CheckpointFile) throws {
        self.file = file
        let directory = try Self.locateDirectory(file)
        let bytes = try file.bytes(at: directory.range.lowerBound, count: directory.range.count)
        var cursor = ByteCursor(bytes)
        while cursor.remaining > 0 {
            guard let member = try readMember(&cursor, before: directory.range.lowerBound) else {
                continue
            }
            guard members.updateValue(member, forKey: member.name) == nil else {
                throw malformed("the zip member '\(printable(member.name))' occurs twice")
            }
        }
        try checkOverlap()
    }

    /// The member of this name; an error where its bytes are compressed. Nothing is ever inflated, so
    /// no archive can unpack to more than its own size.
    func storedMember(_ name: String) throws -> Member? {
        guard let member = members[name] else { return nil }
        guard member.method == 0 else {
            throw CheckpointError.unsupported(
                path: file.path,
                problem: "the zip member '\(printable(name))' is compressed (method "
                    + "\(member.method)), but PyTorch stores its members; unpack it and pack it "
                    + "again with `zip -0`")
        }
        return member
    }

    /// Checks the checksum of a member's bytes.
    func verify(_ member: Member) throws {
        var checksum = CRC32()
        let chunk = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(1 << 20, member.range.count), alignment: 64)
        defer { chunk.deallocate() }
        var position = member.range.lowerBound
        while position < member.range.upperBound {
            let part = UnsafeMutableRawBufferPointer(
                rebasing: chunk[..<min(chunk.count, member.range.upperBound - position)])
            try file.read(at: position, into: part)
            checksum.update(UnsafeRawBufferPointer(part))
            position += part.count
        }
        guard checksum.value == member.checksum else {
            throw malformed(
                "the bytes of the zip member '\(printable(member.name))' do not match its CRC-32")
        }
    }

    private func readMember(_ cursor: inout ByteCursor, before directoryStart: Int) throws
        -> Member?
    {
        guard let signature = cursor.integer(4), signature == 0x0201_4B50,
            cursor.skip(4), let flags = cursor.integer(2), let method = cursor.integer(2),
            cursor.skip(4), let checksum = cursor.integer(4),
            var stored = cursor.integer(4), var size = cursor.integer(4),
            let nameCount = cursor.integer(2), let extraCount = cursor.integer(2),
            let commentCount = cursor.integer(2), cursor.skip(8),
            var header = cursor.integer(4), let nameBytes = cursor.bytes(Int(nameCount)),
            let extra = cursor.bytes(Int(extraCount)), cursor.skip(Int(commentCount))
        else { throw malformed("its zip directory has a damaged entry") }
        guard let name = String(validating: nameBytes, as: UTF8.self), !Self.isHarmful(name) else {
            throw malformed(
                "a zip member is called '\(printable(String(decoding: nameBytes, as: UTF8.self)))', "
                    + "which is no relative path inside the archive")
        }
        guard flags & 1 == 0 else {
            throw CheckpointError.unsupported(
                path: file.path,
                problem:
                    "the zip member '\(printable(name))' is encrypted; decrypt the archive first")
        }
        guard
            Self.applyZip64(Array(extra), size: &size, stored: &stored, header: &header)
        else { throw malformed("the zip64 sizes of '\(printable(name))' are missing") }
        guard !name.hasSuffix("/") else { return nil }
        guard method != 0 || stored == size else {
            throw malformed(
                "the stored zip member '\(printable(name))' has \(stored) bytes but claims \(size)")
        }
        let start = try dataStart(header: header, nameBytes: Array(nameBytes), name: name)
        guard stored <= UInt64(directoryStart), start <= directoryStart - Int(stored) else {
            throw malformed(
                "the zip member '\(printable(name))' has \(stored) bytes at \(start), beyond the "
                    + "archive's data")
        }
        return Member(
            name: name, range: start..<start + Int(stored), checksum: UInt32(checksum),
            method: Int(method))
    }

    /// Where the bytes of the member whose local header is at `header` begin.
    private func dataStart(header: UInt64, nameBytes: [UInt8], name: String) throws -> Int {
        guard header <= UInt64(max(0, file.count - 30)), file.count >= 30 else {
            throw malformed("the zip member '\(printable(name))' begins after the end of the file")
        }
        var cursor = ByteCursor(try file.bytes(at: Int(header), count: 30))
        guard cursor.integer(4) == 0x0403_4B50, cursor.skip(22),
            let nameCount = cursor.integer(2), let extraCount = cursor.integer(2),
            Int(nameCount) == nameBytes.count,
            Int(header) + 30 + Int(nameCount) + Int(extraCount) <= file.count,
            try file.bytes(at: Int(header) + 30, count: Int(nameCount)) == nameBytes
        else {
            throw malformed(
                "the zip member '\(printable(name))' has another local header than its directory "
                    + "entry says")
        }
        return Int(header) + 30 + Int(nameCount) + Int(extraCount)
    }

    private func checkOverlap() throws {
        var end = 0
        for member in members.values.sorted(by: {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }) where !member.range.isEmpty {
            guard member.range.lowerBound >= end else {
                throw malformed("the zip member '\(printable(member.name))' overlaps another one")
            }
            end = member.range.upperBound
        }
    }

    private func malformed(_ problem: String) -> CheckpointError {
        .malformed(path: file.path, problem: problem)
    }

    /// Nothing is ever unpacked to a path, but a name that would escape a folder tells of an attack.
    private static func isHarmful(_ name: String) -> Bool {
        name.isEmpty || name.hasPrefix("/") || name.contains("\\")
            || name.split(separator: "/").contains("..")
            || name.unicodeScalars.contains { $0.value < 0x20 }
    }

    /// Replaces the fields that a 32-bit entry cannot hold by those of its zip64 extra field.
    private static func applyZip64(
        _ extra: [UInt8], size: inout UInt64, stored: inout UInt64, header: inout UInt64
    ) -> Bool {
        let mark: UInt64 = 0xFFFF_FFFF
        guard size == mark || stored == mark || header == mark else { return true }
        var cursor = ByteCursor(extra)
        while let kind = cursor.integer(2), let count = cursor.integer(2),
            let field = cursor.bytes(Int(count))
        {
            guard kind == 1 else { continue }
            var values = ByteCursor(Array(field))
            for isSize in [0, 1, 2] {
                let current = isSize == 0 ? size : isSize == 1 ? stored : header
                guard current == mark else { continue }
                guard let value = values.integer(8) else { return false }
                switch isSize {
                case 0: size = value
                case 1: stored = value
                default: header = value
                }
            }
            return true
        }
        return false
    }
}

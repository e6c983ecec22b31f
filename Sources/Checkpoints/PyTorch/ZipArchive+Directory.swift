extension ZipArchive {
    /// Where the central directory lies.
    struct Directory {
        let range: Range<Int>
    }

    /// Room for some three hundred thousand members.
    private static let mostDirectoryBytes: UInt64 = 32 << 20

    /// Finds the directory through the record at the end of the file, zip64 or not.
    static func locateDirectory(_ file: CheckpointFile) throws -> Directory {
        let tailCount = min(file.count, 22 + 0xFFFF)
        let tailStart = file.count - tailCount
        let tail = try file.bytes(at: tailStart, count: tailCount)
        guard let end = endRecord(in: tail) else {
            throw CheckpointError.malformed(
                path: file.path,
                problem:
                    "it begins like a zip archive but has no directory at its end: the file is "
                    + "cut short")
        }
        var cursor = ByteCursor(Array(tail[(end + 4)...]))
        guard let disk = cursor.integer(2), let directoryDisk = cursor.integer(2),
            cursor.skip(2), let entries = cursor.integer(2), var count = cursor.integer(4),
            var start = cursor.integer(4)
        else { throw malformed(file, "its zip end record is damaged") }
        if count == 0xFFFF_FFFF || start == 0xFFFF_FFFF || entries == 0xFFFF {
            (start, count) = try zip64Directory(file, endRecordAt: tailStart + end)
        } else if disk != 0 || directoryDisk != 0 {
            throw CheckpointError.unsupported(
                path: file.path,
                problem: "the zip archive is split into several files; join them first")
        }
        let limit = UInt64(tailStart + end)
        guard count <= limit, start <= limit - count else {
            throw malformed(
                file, "its zip directory (\(count) bytes at \(start)) lies beyond its end record")
        }
        guard count <= mostDirectoryBytes else {
            throw CheckpointError.unsupported(
                path: file.path,
                problem: "its zip directory has \(count) bytes, but \(mostDirectoryBytes) are the "
                    + "most; save the model's state dictionary alone")
        }
        return Directory(range: Int(start)..<Int(start + count))
    }

    /// The end record's place in the file's tail: the last one whose comment reaches the very end.
    private static func endRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= 22 else { return nil }
        return (0...tail.count - 22).last { position in
            tail[position] == 0x50 && tail[position + 1] == 0x4B && tail[position + 2] == 5
                && tail[position + 3] == 6
                && position + 22 + Int(tail[position + 20]) + Int(tail[position + 21]) << 8
                    == tail.count
        }
    }

    private static func zip64Directory(
        _ file: CheckpointFile, endRecordAt end: Int
    ) throws -> (start: UInt64, count: UInt64) {
        guard end >= 20 else { throw malformed(file, "its zip64 locator is missing") }
        var locator = ByteCursor(try file.bytes(at: end - 20, count: 20))
        guard locator.integer(4) == 0x0706_4B50, locator.skip(4),
            let recordAt = locator.integer(8), recordAt <= UInt64(max(0, end - 20 - 56)), end >= 76
        else { throw malformed(file, "its zip64 locator is damaged") }
        var record = ByteCursor(try file.bytes(at: Int(recordAt), count: 56))
        guard record.integer(4) == 0x0606_4B50, record.skip(36), let count = record.integer(8),
            let start = record.integer(8)
        else { throw malformed(file, "its zip64 end record is damaged") }
        return (start, count)
    }

    private static func malformed(_ file: CheckpointFile, _ problem: String) -> CheckpointError {
        .malformed(path: file.path, problem: problem)
    }
}

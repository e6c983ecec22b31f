import FileAccess

/// A safetensors file. Its header is checked in full when it is opened; elements are read on demand.
///
/// Source: https://github.com/huggingface/safetensors (format section).
public struct SafetensorsFile: WeightSource {
    /// The tensors, in the order of their bytes.
    public let entries: [CheckpointEntry]
    /// The header's `__metadata__`.
    public let metadata: [String: String]

    private let file: CheckpointFile
    private let offsets: [Int]
    private let positions: [String: Int]

    /// Opens the file at `path` and checks every rule of the format.
    ///
    /// Throws a `CheckpointError` that names the broken rule. Memory is proportional to the header.
    public init(path: String) throws {
        file = try CheckpointFile(path: path)
        let headerCount = try Self.headerCount(of: file)
        let text = try file.bytes(at: 8, count: headerCount)
        let header: SafetensorsHeader
        do {
            header = try SafetensorsHeader(
                parsing: text, dataCount: file.count - 8 - headerCount)
        } catch let problem as JSONScanner.Problem {
            throw CheckpointError.malformed(
                path: path, problem: "in the safetensors header, \(problem.message)")
        }
        entries = header.members.map(\.entry)
        offsets = header.members.map { $0.offset + 8 + headerCount }
        metadata = header.metadata
        positions = Dictionary(
            uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
    }

    /// The file's path.
    public var origin: String { file.path }

    /// The tensor of this name, or nil.
    public func entry(named name: String) -> CheckpointEntry? {
        positions[name].map { entries[$0] }
    }

    /// Reads a tensor's bytes into `destination`.
    public func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
        guard let position = positions[name] else {
            throw CheckpointError.missing(name: name, origin: origin)
        }
        precondition(
            destination.count == entries[position].byteCount,
            "read: \(destination.count) bytes for the \(entries[position].byteCount) of '\(name)'")
        try file.read(at: offsets[position], into: destination)
    }

    private static func headerCount(of file: CheckpointFile) throws -> Int {
        guard file.count >= 8 else {
            throw CheckpointError.malformed(
                path: file.path,
                problem:
                    "\(file.count) bytes are too few for a safetensors file, which begins with "
                    + "an 8-byte header length")
        }
        let prefix = try file.bytes(at: 0, count: 8)
        let declared = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard declared <= SafetensorsHeader.mostBytes else {
            throw CheckpointError.malformed(
                path: file.path,
                problem: "its safetensors header claims \(declared) bytes, but "
                    + "\(SafetensorsHeader.mostBytes) are the most")
        }
        guard Int(declared) <= file.count - 8 else {
            throw CheckpointError.malformed(
                path: file.path,
                problem: "its safetensors header claims \(declared) bytes, but only "
                    + "\(file.count - 8) follow")
        }
        return Int(declared)
    }
}

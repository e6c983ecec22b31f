import FileAccess
import Tensor

/// Writes safetensors files, tensor by tensor: memory holds one tensor at a time.
public struct SafetensorsWriter {
    /// Strings to store beside the tensors.
    public var metadata: [String: String]

    private var items: [Item] = []

    private struct Item {
        let entry: CheckpointEntry
        let read: (UnsafeMutableRawBufferPointer) throws -> Void
    }

    /// A writer without tensors.
    public init(metadata: [String: String] = [:]) { self.metadata = metadata }

    /// Adds a tensor of a checkpoint, with its stored type. Its bytes are read when the file is written.
    public mutating func add(_ name: String, of source: any WeightSource, as newName: String? = nil)
        throws
    {
        let entry = try source.requireEntry(named: name)
        items.append(
            Item(
                entry: CheckpointEntry(
                    name: newName ?? name, shape: entry.shape, elementType: entry.elementType,
                    byteCount: entry.byteCount)
            ) { try source.read(name, into: $0) })
    }

    /// Adds a tensor of single-precision numbers.
    public mutating func add(_ name: String, _ tensor: Tensor<Float>) {
        add(name, tensor, .float32)
    }

    /// Adds a tensor of single-precision numbers that is stored in 16 bits, each number rounded to the nearest;
    /// those beyond the range become infinite.
    public mutating func addHalved(_ name: String, _ tensor: Tensor<Float>) {
        let entry = CheckpointEntry(
            name: name, shape: tensor.shape, elementType: .float16, byteCount: 2 * tensor.count)
        items.append(
            Item(entry: entry) { destination in
                tensor.withUnsafeBuffer { values in
                    for (index, value) in values.enumerated() {
                        destination.storeBytes(
                            of: ElementConversion.narrowToHalf(value).littleEndian,
                            toByteOffset: 2 * index, as: UInt16.self)
                    }
                }
            })
    }

    /// Adds a tensor of 64-bit integers.
    public mutating func add(_ name: String, _ tensor: Tensor<Int64>) { add(name, tensor, .int64) }

    /// Adds a tensor of 32-bit integers.
    public mutating func add(_ name: String, _ tensor: Tensor<Int32>) { add(name, tensor, .int32) }

    /// Adds a tensor of bytes.
    public mutating func add(_ name: String, _ tensor: Tensor<UInt8>) { add(name, tensor, .uint8) }

    /// Adds a tensor of truth values.
    public mutating func add(_ name: String, _ tensor: Tensor<Bool>) { add(name, tensor, .bool) }

    private mutating func add<Element>(
        _ name: String, _ tensor: Tensor<Element>, _ type: ElementType
    ) {
        let entry = CheckpointEntry(
            name: name, shape: tensor.shape, elementType: type,
            byteCount: tensor.count * type.bitWidth / 8)
        items.append(
            Item(entry: entry) { destination in
                tensor.withUnsafeBuffer { destination.copyMemory(from: UnsafeRawBufferPointer($0)) }
            })
    }

    /// Writes the file at `path`, replacing one that is there.
    ///
    /// It appears whole or not at all: it is written under a temporary name beside `path` and renamed
    /// at the end, so that a file being replaced stays valid for those who have it open. Throws
    /// `CheckpointError.unwritable` where that fails, and what reading the tensors throws.
    public func write(to path: String) throws {
        try checkNames(path)
        // Wide elements first: with the padded header, every tensor is aligned to its element's size.
        let ordered = items.sorted {
            ($1.entry.elementType.bitWidth, $0.entry.name)
                < ($0.entry.elementType.bitWidth, $1.entry.name)
        }
        let header = Self.header(ordered.map(\.entry), metadata)
        guard header.count <= SafetensorsHeader.mostBytes else {
            throw CheckpointError.unwritable(
                path: path, reason: "the header would be longer than the format allows")
        }
        let output = try AtomicFile(path) { CheckpointError.unwritable(path: path, reason: $0) }
        // A reader of a tensor may throw: what was written until then goes with `output`.
        try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try output.write($0) }
        try header.withUnsafeBytes { try output.write($0) }
        for item in ordered {
            let bytes = UnsafeMutableRawBufferPointer.allocate(
                byteCount: item.entry.byteCount, alignment: 64)
            defer { bytes.deallocate() }
            try item.read(bytes)
            try output.write(UnsafeRawBufferPointer(bytes))
        }
        try output.commit()
    }

    private func checkNames(_ path: String) throws {
        var names = Set<String>()
        for item in items {
            let name = item.entry.name
            guard !isHarmful(name: name), name != "__metadata__" else {
                throw CheckpointError.unwritable(
                    path: path, reason: "'\(printable(name))' cannot be a tensor's name")
            }
            guard names.insert(name).inserted else {
                throw CheckpointError.unwritable(
                    path: path, reason: "there are two tensors called '\(printable(name))'")
            }
        }
    }

    /// The header, padded with spaces so that the data begins at a multiple of 64 bytes.
    private static func header(
        _ entries: [CheckpointEntry], _ metadata: [String: String]
    ) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let strings = metadata.sorted { $0.key < $1.key }
                .map { "\(JSONValue.quoted($0.key)):\(JSONValue.quoted($0.value))" }
            members.append("\"__metadata__\":{\(strings.joined(separator: ","))}")
        }
        var offset = 0
        for entry in entries {
            let shape = entry.shape.map(String.init).joined(separator: ",")
            let end = offset + entry.byteCount
            members.append(
                "\(JSONValue.quoted(entry.name)):{\"dtype\":\"\(entry.elementType.rawValue)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        let padding = (64 - (8 + header.count) % 64) % 64
        header.append(contentsOf: [UInt8](repeating: 0x20, count: padding))
        return header
    }
}

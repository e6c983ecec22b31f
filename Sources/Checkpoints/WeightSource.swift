import Tensor

/// What a checkpoint says about one of its tensors.
public struct CheckpointEntry: Sendable, Equatable {
    /// The tensor's name in the checkpoint.
    public let name: String
    /// The length of each axis, outermost first.
    public let shape: [Int]
    /// The type of the stored elements.
    public let elementType: ElementType
    /// How many bytes the elements take, in row-major order without gaps.
    public let byteCount: Int

    /// Describes a tensor.
    public init(name: String, shape: [Int], elementType: ElementType, byteCount: Int) {
        self.name = name
        self.shape = shape
        self.elementType = elementType
        self.byteCount = byteCount
    }
}

/// Named tensors: a file, several files, or values made by a rule.
///
/// Everything but the elements is known and validated when the source is made; elements are read when
/// asked for and kept by nobody.
public protocol WeightSource: Sendable {
    /// Where the tensors come from, for error messages: usually a path.
    var origin: String { get }

    /// All tensors, in the order of the checkpoint.
    var entries: [CheckpointEntry] { get }

    /// The strings that the checkpoint carries beside its tensors.
    var metadata: [String: String] { get }

    /// The tensor of this name, or nil.
    func entry(named name: String) -> CheckpointEntry?

    /// Writes the elements of a tensor, in row-major order and the machine's byte order, into
    /// `destination`, which has the entry's `byteCount` bytes.
    func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws

    /// A tensor as single-precision numbers; halves are widened, doubles and integers rounded.
    func floats(_ name: String) throws -> Tensor<Float>
}

extension WeightSource {
    /// The tensor of this name; an error that names it where there is none.
    public func requireEntry(named name: String) throws -> CheckpointEntry {
        guard let entry = entry(named: name) else {
            throw CheckpointError.missing(name: name, origin: origin)
        }
        return entry
    }

    /// The stored bytes of a tensor.
    public func bytes(_ name: String) throws -> [UInt8] {
        let entry = try requireEntry(named: name)
        return try [UInt8](unsafeUninitializedCapacity: entry.byteCount) { buffer, count in
            try read(
                name,
                into: UnsafeMutableRawBufferPointer(
                    start: buffer.baseAddress, count: entry.byteCount))
            count = entry.byteCount
        }
    }

    /// A tensor as single-precision numbers; halves are widened, doubles and integers rounded.
    public func floats(_ name: String) throws -> Tensor<Float> {
        let entry = try requireEntry(named: name)
        return try Tensor(shape: entry.shape) { buffer in
            if entry.elementType == .float32 {
                try read(name, into: UnsafeMutableRawBufferPointer(buffer))
                return
            }
            try withStoredBytes(of: entry) { stored in
                guard ElementConversion.convert(stored, entry.elementType, to: buffer) else {
                    throw CheckpointError.wrongType(
                        name: name, origin: origin, found: entry.elementType, wanted: "numbers")
                }
            }
        }
    }

    /// A tensor of integers or truth values as 64-bit integers.
    public func integers(_ name: String) throws -> Tensor<Int64> {
        let entry = try requireEntry(named: name)
        return try Tensor(shape: entry.shape) { buffer in
            try withStoredBytes(of: entry) { stored in
                guard ElementConversion.convert(stored, entry.elementType, to: buffer) else {
                    throw CheckpointError.wrongType(
                        name: name, origin: origin, found: entry.elementType, wanted: "integers")
                }
            }
        }
    }

    private func withStoredBytes(
        of entry: CheckpointEntry, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let stored = UnsafeMutableRawBufferPointer.allocate(
            byteCount: entry.byteCount, alignment: 64)
        defer { stored.deallocate() }
        try read(entry.name, into: stored)
        try body(UnsafeRawBufferPointer(stored))
    }
}

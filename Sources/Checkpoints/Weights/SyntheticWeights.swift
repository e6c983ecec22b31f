import Kernels

/// Weights made by a rule from their names: what reference cases and the demo use in place of a file.
///
/// Element `i` of tensor `name` is `base + scale * u`, with `u` in [-1, 1) from a splitmix64 step over
/// the FNV-1a hash of the name, so any part of any tensor can be made alone.
public struct SyntheticWeights: WeightSource {
    /// One tensor of the list.
    public struct Specification: Sendable, Equatable {
        /// The name that is hashed; the checkpoint's own name follows the prefix.
        public let name: String
        /// The length of each axis.
        public let shape: [Int]
        /// The middle of the values.
        public let base: Float
        /// The largest distance from the middle.
        public let scale: Float

        /// Describes one tensor.
        public init(name: String, shape: [Int], base: Float, scale: Float) {
            self.name = name
            self.shape = shape
            self.base = base
            self.scale = scale
        }
    }

    /// Where the list comes from.
    public let origin: String
    /// The tensors, under their names without the prefix.
    public let entries: [CheckpointEntry]
    /// Empty.
    public var metadata: [String: String] { [:] }

    /// A list of a few bytes can ask for tensors of any size.
    private static let mostBytes = 8 << 30

    private let specifications: [String: Specification]
    private let aliases: [String: String]

    /// Weights for a list of tensors.
    ///
    /// - Parameters:
    ///   - specifications: the tensors; those whose name does not begin with `prefix` keep their name.
    ///   - prefix: what stands before the checkpoint's own names.
    ///   - aliases: tied copies: a name that begins with a key is looked up with the value instead.
    ///   - origin: where the list comes from, for messages.
    public init(
        _ specifications: [Specification], prefix: String = "", aliases: [String: String] = [:],
        origin: String = "synthetic weights"
    ) throws {
        var byName: [String: Specification] = [:]
        var entries: [CheckpointEntry] = []
        var room = Self.mostBytes
        for specification in specifications {
            let hasPrefix = specification.name.hasPrefix(prefix)
            let name = String(specification.name.dropFirst(hasPrefix ? prefix.count : 0))
            guard let byteCount = ElementType.float32.byteCount(of: specification.shape) else {
                throw CheckpointError.malformed(
                    path: origin,
                    problem: "tensor '\(name)' has the impossible shape \(specification.shape)")
            }
            room -= byteCount
            guard room >= 0 else {
                throw CheckpointError.malformed(
                    path: origin,
                    problem:
                        "its tensors take more than \(Self.mostBytes >> 30) GB, which no model does"
                )
            }
            guard byName.updateValue(specification, forKey: name) == nil else {
                throw CheckpointError.malformed(
                    path: origin, problem: "tensor '\(name)' is listed twice")
            }
            entries.append(
                CheckpointEntry(
                    name: name, shape: specification.shape, elementType: .float32,
                    byteCount: byteCount))
        }
        self.entries = entries
        self.specifications = byName
        self.aliases = aliases
        self.origin = origin
    }

    /// The tensor of this name or of the name it is tied to.
    public func entry(named name: String) -> CheckpointEntry? {
        guard let specification = specification(name),
            let byteCount = ElementType.float32.byteCount(of: specification.shape)
        else { return nil }
        return CheckpointEntry(
            name: name, shape: specification.shape, elementType: .float32, byteCount: byteCount)
    }

    /// Makes the values, on all threads.
    public func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
        guard let specification = specification(name) else {
            throw CheckpointError.missing(name: name, origin: origin)
        }
        let values = destination.bindMemory(to: Float.self)
        let seed = Self.hash(specification.name)
        let (base, scale) = (specification.base, specification.scale)
        ThreadPool.shared.runRanges(values.count, grain: 1 << 16) { range in
            for index in range {
                values.initializeElement(
                    at: index, to: base + scale * Self.unit(seed, index))
            }
        }
    }

    private func specification(_ name: String) -> Specification? {
        if let found = specifications[name] { return found }
        for (copy, original) in aliases where name.hasPrefix(copy) {
            if let found = specifications[original + name.dropFirst(copy.count)] { return found }
        }
        return nil
    }

    /// FNV-1a, 64 bits.
    static func hash(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Number `index` of a sequence in [-1, 1): 24 bits of splitmix64, exact in single precision.
    @inline(__always)
    static func unit(_ seed: UInt64, _ index: Int) -> Float {
        var bits = seed &+ UInt64(truncatingIfNeeded: index &+ 1) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        return Float(bits >> 40) * 0x1p-23 - 1
    }
}

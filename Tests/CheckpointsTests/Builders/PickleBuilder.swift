/// Assembles pickle programs, sound or broken on purpose.
struct PickleBuilder {
    private(set) var bytes: [UInt8] = [0x80, 2]

    /// One opcode and its argument.
    mutating func op(_ code: Unicode.Scalar, _ argument: [UInt8] = []) {
        bytes += [UInt8(truncatingIfNeeded: code.value)] + argument
    }

    mutating func text(_ string: String) {
        op("X", little(UInt64(string.utf8.count), 4) + Array(string.utf8))
    }

    mutating func int(_ value: Int) {
        op("\u{8A}", [8] + little(UInt64(bitPattern: Int64(value)), 8))
    }

    mutating func ints(_ values: [Int]) {
        op("(")
        for value in values { int(value) }
        op("t")
    }

    mutating func global(_ module: String, _ name: String) {
        op("c", Array("\(module)\n\(name)\n".utf8))
    }

    /// A storage by its persistent id.
    mutating func storage(
        _ key: String, _ type: String = "FloatStorage", count: Int, legacyView: [Int]?? = .none
    ) {
        op("(")
        text("storage")
        global("torch", type)
        text(key)
        text("cpu")
        int(count)
        if case .some(let view) = legacyView {
            if let view {
                op("(")
                text("view")
                for value in view { int(value) }
                op("t")
            } else {
                op("N")
            }
        }
        op("t")
        op("Q")
    }

    /// A tensor through PyTorch's rebuilder.
    mutating func tensor(
        _ key: String, _ type: String = "FloatStorage", count: Int, offset: Int = 0, shape: [Int],
        strides: [Int], rebuilder: String = "_rebuild_tensor_v2", legacyView: [Int]?? = .none
    ) {
        global("torch._utils", rebuilder)
        op("(")
        storage(key, type, count: count, legacyView: legacyView)
        int(offset)
        ints(shape)
        ints(strides)
        op("\u{89}")
        global("collections", "OrderedDict")
        op(")")
        op("R")
        op("t")
        op("R")
    }

    /// The program of a dictionary whose items `body` sets, each by a text, a value and the opcode `s`.
    static func dictionary(_ body: (inout PickleBuilder) -> Void) -> [UInt8] {
        var builder = PickleBuilder()
        builder.op("}")
        body(&builder)
        builder.op(".")
        return builder.bytes
    }

    /// The program of a state dictionary with one tensor.
    static func oneTensor(
        _ name: String = "w", _ type: String = "FloatStorage", count: Int = 4, offset: Int = 0,
        shape: [Int] = [4], strides: [Int] = [1]
    ) -> [UInt8] {
        dictionary {
            $0.text(name)
            $0.tensor("0", type, count: count, offset: offset, shape: shape, strides: strides)
            $0.op("s")
        }
    }
}

/// Files as `torch.save` writes them.
enum TorchBuilder {
    static let fourFloats = floatBytes([1, 2, 3, 4])

    static func zip(
        _ pickle: [UInt8], storages: [String: [UInt8]] = ["0": fourFloats],
        byteOrder: String? = "little", folder: String = "archive"
    ) -> ZipBuilder {
        var zip = ZipBuilder()
        zip.add("\(folder)/data.pkl", pickle)
        if let byteOrder { zip.add("\(folder)/byteorder", Array(byteOrder.utf8)) }
        for (key, bytes) in storages.sorted(by: { $0.key < $1.key }) {
            zip.add("\(folder)/data/\(key)", bytes)
        }
        zip.add("\(folder)/version", Array("3\n".utf8))
        return zip
    }

    /// The older format: storages are given with the number of elements that precedes them.
    static func legacy(
        _ pickle: [UInt8],
        storages: [(key: String, count: Int, bytes: [UInt8])] = [("0", 4, fourFloats)],
        isLittleEndian: Bool = true, protocolVersion: Int = 1001
    ) -> [UInt8] {
        var file: [UInt8] = [0x80, 2, 0x8A, 10]
        file += [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        var version = PickleBuilder()
        version.int(protocolVersion)
        version.op(".")
        let machine = PickleBuilder.dictionary {
            $0.text("little_endian")
            $0.op(isLittleEndian ? "\u{88}" : "\u{89}")
            $0.op("s")
        }
        var keys = PickleBuilder()
        keys.op("]")
        for storage in storages {
            keys.text(storage.key)
            keys.op("a")
        }
        keys.op(".")
        file += version.bytes + machine + pickle + keys.bytes
        for storage in storages { file += little(UInt64(storage.count), 8) + storage.bytes }
        return file
    }
}

import Checkpoints
import TestSupport
import Testing

/// Damaged files must throw or give tensors; nothing may trap. A trap ends the whole test run.
@Suite struct FuzzTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let names = ["zip.pth", "zip64.pth", "legacy.pth", "small.safetensors"]

    /// A small sound file of each format, with views and several types.
    static func sound(_ name: String) -> [UInt8] {
        let pickle = PickleBuilder.dictionary {
            $0.text("state_dict")
            $0.op("}")
            $0.text("module.a")
            $0.tensor("0", count: 4, shape: [4], strides: [1])
            $0.op("s")
            $0.text("module.b")
            $0.tensor("0", count: 4, offset: 1, shape: [1, 2], strides: [9, 2])
            $0.op("s")
            $0.text("module.c")
            $0.tensor("1", "LongStorage", count: 1, shape: [], strides: [])
            $0.op("s")
            $0.op("s")
            $0.text("args")
            $0.global("argparse", "Namespace")
            $0.op(")")
            $0.op("\u{81}")
            $0.op("}")
            $0.text("lr")
            $0.op("G", [0x3F, 0xF0, 0, 0, 0, 0, 0, 0])
            $0.op("s")
            $0.op("b")
            $0.op("s")
        }
        let storages = ["0": TorchBuilder.fourFloats, "1": little(7, 8)]
        switch name {
        case "zip.pth": return TorchBuilder.zip(pickle, storages: storages).build()
        case "zip64.pth":
            var zip = TorchBuilder.zip(pickle, storages: storages)
            zip.isZip64 = true
            return zip.build()
        case "legacy.pth":
            return TorchBuilder.legacy(
                pickle,
                storages: [("0", 4, TorchBuilder.fourFloats), ("1", 1, little(7, 8))])
        default:
            return safetensors(
                #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,2],"#
                    + #""data_offsets":[0,16]},"b":{"dtype":"BF16","shape":[3],"#
                    + #""data_offsets":[16,22]},"c\u00e9":{"dtype":"U8","shape":[],"#
                    + #""data_offsets":[22,23]}}"#, data: 23)
        }
    }

    /// Reads all that a file offers; whether it was read without an error.
    private func read(_ bytes: [UInt8], _ name: String) throws -> Bool {
        let path = try folder.write(bytes, as: name)
        do {
            let source = try openCheckpoint(at: path)
            for entry in source.entries {
                // Damage may ask for repeated elements; reading those in full would only take time.
                guard entry.byteCount <= 1 << 16 else { continue }
                _ = try source.floats(entry.name)
            }
            _ = source.metadata
            return true
        } catch let error as CheckpointError {
            #expect(error.description.count > 20)
            return false
        }
    }

    @Test(arguments: names) func soundFilesAreRead(name: String) throws {
        #expect(try read(Self.sound(name), name))
        let source = try openCheckpoint(at: "\(folder.path)/\(name)")
        #expect(source.entries.map(\.name).first == "a")
        if name.hasSuffix("pth") {
            #expect(try source.floats("b").scalars == [2, 4])
            #expect(try source.integers("c").scalar == 7)
            #expect(source.metadata == ["args.lr": "1.0"])
        }
    }

    @Test(arguments: names) func everyTruncationThrows(name: String) throws {
        let bytes = Self.sound(name)
        for count in bytes.indices {
            #expect(try !read(Array(bytes[..<count]), name), "cut to \(count) bytes")
        }
    }

    @Test(arguments: names) func changedBytesNeverTrap(name: String) throws {
        let bytes = Self.sound(name)
        var random = SeededRandom(20_26)
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = damaged.indices.randomElement(using: &random) ?? 0
                damaged[place] = .random(in: 0...255, using: &random)
            }
            _ = try read(damaged, name)
        }
    }

    @Test(arguments: names) func changedBitsNeverTrap(name: String) throws {
        let bytes = Self.sound(name)
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 1 << UInt8(place % 8)
            _ = try read(damaged, name)
        }
    }

    /// Random programs of sound opcodes reach deeper than damaged files do.
    @Test func randomProgramsNeverTrap() throws {
        var random = SeededRandom(7)
        let pieces: [(inout PickleBuilder) -> Void] = [
            { $0.op("}") }, { $0.op("]") }, { $0.op(")") }, { $0.op("(") }, { $0.op("t") },
            { $0.op("s") }, { $0.op("u") }, { $0.op("a") }, { $0.op("e") }, { $0.op("d") },
            { $0.op("l") }, { $0.op("0") }, { $0.op("1") }, { $0.op("2") }, { $0.op("R") },
            { $0.op("b") }, { $0.op("Q") }, { $0.op("\u{81}") }, { $0.op("\u{92}") },
            { $0.op("\u{85}") }, { $0.op("\u{86}") }, { $0.op("\u{87}") }, { $0.op("N") },
            { $0.op("\u{88}") }, { $0.op("q", [3]) }, { $0.op("h", [3]) }, { $0.op("\u{94}") },
            { $0.op("\u{8F}") }, { $0.op("\u{90}") }, { $0.op("\u{91}") }, { $0.op("o") },
            { $0.int(-1) }, { $0.int(4) }, { $0.int(Int.max) }, { $0.text("model") },
            { $0.text("storage") }, { $0.text("0") }, { $0.ints([2, 2]) },
            { $0.global("torch._utils", "_rebuild_tensor_v2") },
            { $0.global("torch", "FloatStorage") },
            { $0.global("torch._utils", "_rebuild_parameter") }, { $0.global("torch", "Size") },
            { $0.global("collections", "OrderedDict") }, { $0.global("numpy", "dtype") },
            { $0.global("torch._tensor", "_rebuild_from_type_v2") },
            { $0.storage("0", count: 4) }, { $0.tensor("0", count: 4, shape: [4], strides: [1]) },
            { $0.tensor("0", count: 4, shape: [0, 9], strides: [Int.max, Int.max]) },
            { $0.tensor("0", count: 4, shape: [1, 4], strides: [Int.max, 1]) },
            { $0.tensor("0", count: 4, shape: [2, 1, 2], strides: [1, Int.max, 2]) },
        ]
        for _ in 0..<4000 {
            let program = PickleBuilder.dictionary { builder in
                for _ in 0..<Int.random(in: 1...30, using: &random) {
                    pieces.randomElement(using: &random)?(&builder)
                }
            }
            _ = try read(TorchBuilder.zip(program).build(), "random.pth")
        }
    }
}

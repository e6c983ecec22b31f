import Checkpoints
import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct SafetensorsRoundTripTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Random names, shapes, types and metadata come back as they were written.
    @Test(arguments: 0..<40) func randomFiles(seed: Int) throws {
        var random = SeededRandom(UInt64(seed))
        var writer = SafetensorsWriter()
        var floats: [String: Tensor<Float>] = [:]
        var integers: [String: Tensor<Int64>] = [:]
        var bytes: [String: Tensor<UInt8>] = [:]
        for index in 0..<Int.random(in: 0...12, using: &random) {
            let shape = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                Int.random(in: 0...5, using: &random)
            }
            let name =
                ["a.\(index)", "é\"\\\(index)", "漢 \(index)", "t/\(index)"]
                .randomElement(using: &random) ?? ""
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let tensor = random.tensor(shape)
                writer.add(name, tensor)
                floats[name] = tensor
            case 1:
                let tensor = Tensor<Int64>(shape: shape) { buffer in
                    for i in buffer.indices {
                        buffer[i] = .random(in: .min ... .max, using: &random)
                    }
                }
                writer.add(name, tensor)
                integers[name] = tensor
            default:
                let tensor = Tensor<UInt8>(shape: shape) { buffer in
                    for i in buffer.indices { buffer[i] = .random(in: 0...255, using: &random) }
                }
                writer.add(name, tensor)
                bytes[name] = tensor
            }
        }
        for index in 0..<Int.random(in: 0...3, using: &random) {
            writer.metadata["key\"\(index)"] = "line\n\u{1}\\ \(seed)"
        }
        let path = "\(folder.path)/random.safetensors"
        try writer.write(to: path)

        let file = try SafetensorsFile(path: path)
        #expect(file.metadata == writer.metadata)
        #expect(file.entries.count == floats.count + integers.count + bytes.count)
        for (name, tensor) in floats { #expect(try file.floats(name) == tensor) }
        for (name, tensor) in integers { #expect(try file.integers(name) == tensor) }
        for (name, tensor) in bytes {
            #expect(try file.integers(name).scalars == tensor.scalars.map(Int64.init))
        }
        let raw = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect((8 + Int(raw[0]) + Int(raw[1]) << 8) % 64 == 0, "the data is aligned")
        #expect(raw[8] == UInt8(ascii: "{"))
        #expect(folder.contents == ["random.safetensors"], "no temporary file is left")
    }

    @Test func viewsAreWrittenInRowMajorOrder() throws {
        let tensor = Tensor<Float>([1, 2, 3, 4, 5, 6], shape: [2, 3])
        var writer = SafetensorsWriter()
        writer.add("t", tensor.transposed(1, 0))
        let path = "\(folder.path)/view.safetensors"
        try writer.write(to: path)
        #expect(try SafetensorsFile(path: path).floats("t").scalars == [1, 4, 2, 5, 3, 6])
    }

    /// A PyTorch file's tensors keep their types and bits.
    @Test func convertsFromPyTorch() throws {
        let source = try openCheckpoint(
            at: Fixtures.path("checkpoint-format/reader_stress_zip.pth"))
        var writer = SafetensorsWriter(metadata: source.metadata)
        for entry in source.entries { try writer.add(entry.name, of: source) }
        let path = "\(folder.path)/stress.safetensors"
        try writer.write(to: path)
        let file = try openCheckpoint(at: path)
        for entry in source.entries {
            #expect(file.entry(named: entry.name) == entry)
            #expect(try file.bytes(entry.name) == source.bytes(entry.name))
        }
    }

    @Test func aFileInUseIsReplacedNotChanged() throws {
        let path = "\(folder.path)/x.safetensors"
        var writer = SafetensorsWriter()
        writer.add("a", Tensor<Float>([1, 2, 3]))
        try writer.write(to: path)
        let old = try SafetensorsFile(path: path)
        var other = SafetensorsWriter()
        for entry in old.entries { try other.add(entry.name, of: old) }
        other.add("b", Tensor<Float>([4]))
        try other.write(to: path)
        #expect(try old.floats("a").scalars == [1, 2, 3])
        #expect(try SafetensorsFile(path: path).floats("b").scalars == [4])
    }

    private struct Failing: WeightSource {
        let origin = "nowhere"
        let metadata: [String: String] = [:]
        let entries = [
            CheckpointEntry(name: "x", shape: [1], elementType: .float32, byteCount: 4)
        ]
        func entry(named name: String) -> CheckpointEntry? { entries.first }
        func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
            throw CheckpointError.unreadable(path: origin, reason: "it is gone")
        }
    }

    @Test func aFailureLeavesNothing() throws {
        var writer = SafetensorsWriter()
        try writer.add("x", of: Failing())
        let error = #expect(throws: CheckpointError.self) {
            try writer.write(to: "\(folder.path)/x.safetensors")
        }
        #expect(error == .unreadable(path: "nowhere", reason: "it is gone"))
        #expect(folder.contents.isEmpty)
    }

    @Test(arguments: [("", "cannot be"), ("none/x.safetensors", "its folder does not exist")])
    func impossiblePlaces(name: String, names: String) throws {
        let error = #expect(throws: CheckpointError.self) {
            try SafetensorsWriter().write(to: "\(folder.path)/\(name)")
        }
        #expect(error?.description.contains(names) ?? false, "\(String(describing: error))")
        #expect(folder.contents.isEmpty)
    }

    @Test(arguments: [["a", "a"], ["../a"], ["__metadata__"], ["a\n"]])
    func impossibleNames(names: [String]) throws {
        var writer = SafetensorsWriter()
        for name in names { writer.add(name, Tensor<Float>([1])) }
        let error = #expect(throws: CheckpointError.self) {
            try writer.write(to: "\(folder.path)/x.safetensors")
        }
        #expect(error?.description.contains("cannot be written") ?? false)
        #expect(folder.contents.isEmpty)
    }
}

import Checkpoints
import Testing

@Suite struct SafetensorsIndexTests {
    /// A folder with two shards: `a` and `b` in the first, `c` in the second.
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.write(shard(["a", "b"]), as: "model-00001-of-00002.safetensors")
        _ = try folder.write(shard(["c"]), as: "model-00002-of-00002.safetensors")
    }

    private func shard(_ names: [String]) -> [UInt8] {
        let members = names.enumerated().map { index, name in
            "\"\(name)\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[\(4 * index),\(4 * index + 4)]}"
        }
        return safetensors("{\(members.joined(separator: ","))}", data: 4 * names.count)
    }

    private func index(_ map: String) throws -> String {
        try folder.write(
            Array("{\"metadata\":{\"total_size\":12},\"weight_map\":{\(map)}}".utf8),
            as: "model.safetensors.index.json")
    }

    private static let first = "model-00001-of-00002.safetensors"
    private static let second = "model-00002-of-00002.safetensors"
    private static let sound =
        "\"a\":\"\(first)\",\"b\":\"\(first)\",\"c\":\"\(second)\""

    @Test func joinsShards() throws {
        let path = try index(Self.sound)
        for place in [path, folder.path, folder.path + "/"] {
            let checkpoint = try openCheckpoint(at: place)
            #expect(checkpoint.entries.map(\.name) == ["a", "b", "c"])
            #expect(try checkpoint.bytes("c") == [1, 1, 1, 1])
        }
    }

    @Test func filesBesideTheIndexAreNotRead() throws {
        _ = try folder.write(shard(["a", "stray"]), as: "extra.safetensors")
        _ = try folder.write(shard(["a"]), as: "model.safetensors")
        _ = try index(Self.sound)
        #expect(try openCheckpoint(at: folder.path).entries.map(\.name) == ["a", "b", "c"])
    }

    @Test func folderWithOneFile() throws {
        _ = try folder.write(shard(["whole"]), as: "model.safetensors")
        #expect(try openCheckpoint(at: folder.path).entries.map(\.name) == ["whole"])
    }

    @Test(arguments: [
        (
            "\"a\":\"\(first)\",\"b\":\"\(first)\",\"c\":\"model-00003-of-00003.safetensors\"",
            "model-00003-of-00003.safetensors"
        ),
        ("\"a\":\"../secret.safetensors\"", "'../secret.safetensors', which is no file name"),
        ("\"a\":\"/etc/secret\"", "'/etc/secret', which is no file name"),
        ("\"a\":\"..\"", "'..', which is no file name"),
        ("\"a\":\"\"", "'', which is no file name"),
        ("\"a\":7", "'?', which is no file name"),
        (
            "\"a\":\"\(first)\",\"b\":\"\(second)\",\"c\":\"\(second)\"",
            "has the tensor 'b', but the index places it in '\(second)'"
        ),
        (
            "\"a\":\"\(first)\",\"c\":\"\(second)\"",
            "has the tensor 'b', but the index does not list it"
        ),
        (sound + ",\"d\":\"\(second)\"", "tensor 'd' is not in '\(second)'"),
        (sound + ",\"a\":\"\(second)\"", "key 'a' occurs twice"),
        ("", "without the object 'weight_map'"),
    ])
    func disagreementIsRefused(map: String, names: String) throws {
        let path = try index(map)
        do {
            _ = try openCheckpoint(at: path)
            Issue.record("\(map) was accepted")
        } catch let error as CheckpointError {
            #expect(error.description.contains(names), "\(error)")
        }
    }

    @Test func sameTensorInTwoShards() throws {
        _ = try folder.write(shard(["c", "a"]), as: Self.second)
        let path = try index(Self.sound)
        BadInput.expectRefusal(
            of: path, names: "'\(Self.second)' has the tensor 'a', but the index places it in")
    }

    @Test func damagedShard() throws {
        let path = try index(Self.sound)
        let shard = try folder.write(Array(self.shard(["c"]).dropLast()), as: Self.second)
        let error = #expect(throws: CheckpointError.self) { try openCheckpoint(at: path) }
        #expect(error?.description.contains(shard) ?? false)
    }
}

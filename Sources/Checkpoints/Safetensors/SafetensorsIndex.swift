import FileAccess

/// A checkpoint in several safetensors files, joined by `model.safetensors.index.json`.
///
/// The index is the authority: files beside it that it does not name are not read, and a tensor of a
/// shard that the index does not place in that shard is an error.
public struct SafetensorsIndex: WeightSource {
    /// The tensors, shard by shard.
    public let entries: [CheckpointEntry]
    /// The metadata of all shards; where they differ, the first in the order of names counts.
    public let metadata: [String: String]
    /// The path of the index.
    public let origin: String

    private let shards: [String: SafetensorsFile]
    private let shardNames: [String: String]

    /// Opens the index at `path` and every shard that it names, and checks that they agree.
    public init(path: String) throws {
        origin = path
        let document = try JSONValue(contentsOf: path)
        guard let map = document["weight_map"]?.object, !map.isEmpty else {
            throw CheckpointError.malformed(
                path: path,
                problem: "a JSON file without the object 'weight_map' that a safetensors index has")
        }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        var names: [String: String] = [:]
        for (tensor, value) in map {
            guard let shard = value.string, Self.isPlainFileName(shard) else {
                throw CheckpointError.malformed(
                    path: path,
                    problem: "tensor '\(printable(tensor))' is placed in "
                        + "'\(printable(value.string ?? "?"))', which is no file name beside the index"
                )
            }
            names[tensor] = shard
        }
        shardNames = names
        var shards: [String: SafetensorsFile] = [:]
        for shard in Set(names.values).sorted() {
            shards[shard] = try SafetensorsFile(
                path: folder.isEmpty && !path.hasPrefix("/") ? shard : "\(folder)/\(shard)")
        }
        self.shards = shards
        let ordered = shards.sorted { $0.key < $1.key }
        entries = ordered.flatMap(\.value.entries)
        metadata = ordered.reduce(into: [:]) { all, shard in
            all.merge(shard.value.metadata) { first, _ in first }
        }
        try checkAgreement(ordered)
    }

    /// The tensor of this name, or nil.
    public func entry(named name: String) -> CheckpointEntry? {
        shardNames[name].flatMap { shards[$0] }?.entry(named: name)
    }

    /// Reads a tensor from its shard.
    public func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
        guard let shard = shardNames[name].flatMap({ shards[$0] }) else {
            throw CheckpointError.missing(name: name, origin: origin)
        }
        try shard.read(name, into: destination)
    }

    private func checkAgreement(_ ordered: [(key: String, value: SafetensorsFile)]) throws {
        for (shard, file) in ordered {
            for entry in file.entries where shardNames[entry.name] != shard {
                let place =
                    shardNames[entry.name].map { "places it in '\($0)'" } ?? "does not list it"
                throw CheckpointError.malformed(
                    path: origin,
                    problem: "shard '\(shard)' has the tensor '\(printable(entry.name))', but the "
                        + "index \(place)")
            }
        }
        for (tensor, shard) in shardNames.sorted(by: { $0.key < $1.key })
        where shards[shard]?.entry(named: tensor) == nil {
            throw CheckpointError.malformed(
                path: origin,
                problem:
                    "tensor '\(printable(tensor))' is not in '\(shard)', where the index places "
                    + "it")
        }
    }

    private static func isPlainFileName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\\")
            && !name.unicodeScalars.contains { $0.value < 0x20 }
    }
}

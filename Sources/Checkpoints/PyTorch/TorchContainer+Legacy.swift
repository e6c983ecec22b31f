import FileAccess

extension TorchContainer {
    /// Reads the format of PyTorch before 1.6, which some training code still writes: five pickles
    /// (magic number, protocol, machine, value, storage keys), then each storage as a count and bytes.
    init(legacy file: CheckpointFile) throws {
        var machine = PickleMachine(
            PickleStream(file, range: 0..<min(file.count, Self.mostPickleBytes)))
        try Self.checkMagic(file, &machine)
        guard try machine.run().int == 1001 else {
            throw CheckpointError.unsupported(
                path: file.path,
                problem: "a legacy PyTorch file of another protocol than 1001; load and save it "
                    + "again with a current PyTorch")
        }
        try Self.checkMachine(file, &machine)
        root = try machine.run()
        let keys = try machine.run()
        guard let elements = machine.heap.elements(keys) else {
            throw machine.stream.malformed("the list of storages is \(keys.kind)")
        }
        locations = try Self.locate(elements.map(\.string), file, machine)
        heap = machine.heap
        archive = nil
    }

    /// The magic number 0x1950A86A20F9469CFC6C, little-endian.
    private static let magic: [UInt8] = [
        0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]

    private static func checkMagic(_ file: CheckpointFile, _ machine: inout PickleMachine) throws {
        guard file.count > 0, try file.bytes(at: 0, count: 1) == [0x80] else {
            throw CheckpointError.malformed(
                path: file.path, problem: try unknownContent(file))
        }
        guard case .long(magic) = try machine.run() else {
            throw CheckpointError.unsupported(
                path: file.path,
                problem: "a pickle that torch.save did not write; load it in Python and save its "
                    + "tensors with torch.save or as safetensors")
        }
    }

    private static func checkMachine(_ file: CheckpointFile, _ machine: inout PickleMachine) throws
    {
        let description = try machine.run()
        let items = machine.heap.namedItems(description) ?? []
        guard let order = items.first(where: { $0.name == "little_endian" })?.value,
            case .bool(let isLittleEndian) = order
        else { throw machine.stream.malformed("the description of the machine is damaged") }
        guard isLittleEndian else {
            throw CheckpointError.unsupported(
                path: file.path,
                problem:
                    "its byte order is big-endian, but only little-endian files are read; save "
                    + "it again on a little-endian machine")
        }
    }

    private static func locate(
        _ keys: [String?], _ file: CheckpointFile, _ machine: PickleMachine
    ) throws -> [Location] {
        var locations = [Location?](repeating: nil, count: machine.heap.storages.count)
        var position = machine.stream.position
        for key in keys {
            guard let key, let index = machine.storagesByKey[key], locations[index] == nil else {
                throw machine.stream.malformed(
                    "storage '\(printable(key ?? "?"))' is listed twice or described nowhere")
            }
            let storage = machine.heap.storages[index]
            guard file.count - position >= 8 else {
                throw CheckpointError.malformed(
                    path: file.path,
                    problem: "the file ends before storage '\(printable(key))': it is cut short")
            }
            var cursor = ByteCursor(try file.bytes(at: position, count: 8))
            let count = cursor.integer(8) ?? 0
            guard count == UInt64(storage.count) else {
                throw CheckpointError.malformed(
                    path: file.path,
                    problem:
                        "storage '\(printable(key))' is described with \(storage.count) elements "
                        + "but stored with \(count)")
            }
            let (bytes, overflow) = storage.count.multipliedReportingOverflow(by: storage.width)
            guard !overflow, bytes <= file.count - position - 8 else {
                throw CheckpointError.malformed(
                    path: file.path,
                    problem: "storage '\(printable(key))' needs \(storage.count) elements of "
                        + "\(storage.className), but only \(file.count - position - 8) bytes "
                        + "follow: the file is cut short")
            }
            locations[index] = Location(start: position + 8, member: nil)
            position += 8 + bytes
        }
        guard position == file.count else {
            throw CheckpointError.malformed(
                path: file.path,
                problem: "\(file.count - position) bytes follow the last storage")
        }
        return try locations.enumerated().map { index, location in
            guard let location else {
                throw machine.stream.malformed(
                    "storage '\(printable(machine.heap.storages[index].key))' is not in the file")
            }
            return location
        }
    }
}

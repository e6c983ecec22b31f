import FileAccess

extension TorchContainer {
    /// Reads the format of PyTorch 1.6 and later: a zip archive with one folder that holds `data.pkl`,
    /// `byteorder` and one member `data/KEY` for each storage.
    init(zip file: CheckpointFile) throws {
        let archive = try ZipArchive(file)
        let folder = try Self.folder(of: archive)
        guard let pickle = try archive.storedMember(folder + "data.pkl") else {
            throw CheckpointError.malformed(path: file.path, problem: "it has no data.pkl")
        }
        try Self.checkByteOrder(archive, folder)
        guard pickle.range.count <= Self.mostPickleBytes else {
            throw CheckpointError.unsupported(
                path: file.path,
                problem:
                    "its pickle has \(pickle.range.count) bytes, but \(Self.mostPickleBytes) are "
                    + "the most; save the model's state dictionary alone")
        }
        // PyTorch writes zeros when told not to compute checksums.
        let hasChecksums = pickle.checksum != 0
        if hasChecksums { try archive.verify(pickle) }
        var machine = PickleMachine(PickleStream(file, range: pickle.range))
        root = try machine.run()
        heap = machine.heap
        locations = try machine.heap.storages.map { storage in
            try Self.location(storage, archive, folder, hasChecksums: hasChecksums)
        }
        self.archive = archive
    }

    /// The folder inside the archive, with its slash.
    private static func folder(of archive: ZipArchive) throws -> String {
        let programs = archive.members.keys.filter {
            $0 == "data.pkl" || $0.hasSuffix("/data.pkl") && $0.split(separator: "/").count == 2
        }
        guard let program = programs.first, programs.count == 1 else {
            throw CheckpointError.unsupported(
                path: archive.file.path,
                problem:
                    "a zip archive with \(programs.count) members FOLDER/data.pkl; a file that "
                    + "torch.save wrote has one")
        }
        let folder = String(program.dropLast("data.pkl".count))
        guard !archive.members.keys.contains(where: { $0.hasPrefix(folder + "code/") }) else {
            throw CheckpointError.unsupported(
                path: archive.file.path,
                problem: "a TorchScript archive (it holds code); in PyTorch, save "
                    + "torch.jit.load(FILE).state_dict() with torch.save")
        }
        return folder
    }

    private static func location(
        _ storage: TorchStorage, _ archive: ZipArchive, _ folder: String, hasChecksums: Bool
    ) throws -> Location {
        let name = "\(folder)data/\(storage.key)"
        guard let member = try archive.storedMember(name) else {
            throw CheckpointError.malformed(
                path: archive.file.path,
                problem: "storage '\(printable(storage.key))' has no member "
                    + "'\(printable(name))' in the archive")
        }
        let (needed, overflow) = storage.count.multipliedReportingOverflow(by: storage.width)
        guard !overflow, needed == member.range.count else {
            throw CheckpointError.malformed(
                path: archive.file.path,
                problem: "storage '\(printable(storage.key))' is described as \(storage.count) "
                    + "elements of \(storage.className), but its member has "
                    + "\(member.range.count) bytes")
        }
        return Location(
            start: member.range.lowerBound, member: hasChecksums ? member : nil)
    }

    private static func checkByteOrder(_ archive: ZipArchive, _ folder: String) throws {
        // Files from before PyTorch 2.1 have no such member and are little-endian.
        guard let member = try archive.storedMember(folder + "byteorder") else { return }
        let bytes = try archive.file.bytes(
            at: member.range.lowerBound, count: min(16, member.range.count))
        let order = String(decoding: bytes, as: UTF8.self)
        guard order == "little" else {
            throw CheckpointError.unsupported(
                path: archive.file.path,
                problem: "its byte order is '\(printable(order))', but only 'little' is read; save "
                    + "it again on a little-endian machine")
        }
    }
}

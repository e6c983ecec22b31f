import Synchronization

/// A PyTorch checkpoint (`.pth`, `.pt`), zip or legacy format, read without running anything in it.
///
/// The model's state dictionary is found under the keys that training scripts use (`model`,
/// `state_dict`, ...) or as the outermost value; a `module.` before every name is stripped. Tensors may
/// be views with any strides and share storages.
public struct PyTorchFile: WeightSource {
    /// The tensors of the state dictionary, in its order.
    public let entries: [CheckpointEntry]
    /// Short values beside the model: `epoch`, and the training script's arguments as `args.NAME`.
    public let metadata: [String: String]

    private let contents: Contents

    /// Opens the file at `path`, runs its pickle in a machine that only makes data, and checks that
    /// every tensor of the state dictionary lies within its storage and every storage within the file.
    ///
    /// Throws a `CheckpointError` that names what is wrong.
    public init(path: String) throws {
        let file = try CheckpointFile(path: path)
        let container = try TorchContainer(file)
        let dictionary = try StateDictionary(
            in: container.root, of: container.heap, path: path)
        var entries: [CheckpointEntry] = []
        var layouts: [String: Layout] = [:]
        var budget = file.count.addingReportingOverflow(1 << 30).partialValue
        for (name, tensor) in dictionary.tensors {
            let layout = try Layout(tensor, name: name, container, file)
            let (left, overflow) = budget.subtractingReportingOverflow(layout.byteCount / 16)
            budget = left
            guard !overflow, left >= 0 else {
                throw CheckpointError.malformed(
                    path: path,
                    problem: "its tensors would take more than 16 times the size of the file")
            }
            layouts[name] = layout
            entries.append(
                CheckpointEntry(
                    name: name, shape: tensor.shape, elementType: layout.elementType,
                    byteCount: layout.byteCount))
        }
        self.entries = entries
        metadata = dictionary.metadata
        contents = Contents(file: file, archive: container.archive, layouts: layouts)
    }

    /// The file's path.
    public var origin: String { contents.file.path }

    /// The tensor of this name, or nil.
    public func entry(named name: String) -> CheckpointEntry? {
        contents.layouts[name].map {
            CheckpointEntry(
                name: name, shape: $0.tensor.shape, elementType: $0.elementType,
                byteCount: $0.byteCount)
        }
    }

    /// Gathers a tensor's elements in row-major order; its storage's checksum is checked first.
    public func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
        guard let layout = contents.layouts[name] else {
            throw CheckpointError.missing(name: name, origin: origin)
        }
        precondition(
            destination.count == layout.byteCount,
            "read: \(destination.count) bytes for the \(layout.byteCount) of '\(name)'")
        try contents.verify(layout.member)
        if layout.tensor.isContiguous || layout.byteCount == 0 {
            try contents.file.read(at: layout.bytes.lowerBound, into: destination)
            return
        }
        let span = UnsafeMutableRawBufferPointer.allocate(
            byteCount: layout.bytes.count, alignment: 64)
        defer { span.deallocate() }
        try contents.file.read(at: layout.bytes.lowerBound, into: span)
        layout.gather(UnsafeRawBufferPointer(span), into: destination)
    }
}

extension PyTorchFile {
    /// The open file, and which of its storages were checked already.
    private final class Contents: Sendable {
        let file: CheckpointFile
        let layouts: [String: Layout]
        private let archive: ZipArchive?
        private let verified = Mutex<Set<Int>>([])

        init(file: CheckpointFile, archive: ZipArchive?, layouts: [String: Layout]) {
            self.file = file
            self.archive = archive
            self.layouts = layouts
        }

        func verify(_ member: ZipArchive.Member?) throws {
            guard let archive, let member else { return }
            let start = member.range.lowerBound
            guard !verified.withLock({ $0.contains(start) }) else { return }
            try archive.verify(member)
            verified.withLock { _ = $0.insert(start) }
        }
    }
}

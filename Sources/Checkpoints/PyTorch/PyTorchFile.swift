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

    /// A tensor whose place in the file has been checked.
    struct Layout {
        let tensor: TorchTensor
        let elementType: ElementType
        let byteCount: Int
        /// From the first to the last element, in the file.
        let bytes: Range<Int>
        let member: ZipArchive.Member?

        /// A view may repeat elements; what that may add up to is bounded by this or the file's size.
        private static let mostRepeatedBytes = 64 << 20

        init(
            _ tensor: TorchTensor, name: String, _ container: TorchContainer, _ file: CheckpointFile
        ) throws {
            let storage = container.heap.storages[tensor.view.storage]
            guard !isHarmful(name: name) else {
                throw CheckpointError.malformed(
                    path: file.path,
                    problem: "the tensor name '\(printable(name))' has control characters or '../'")
            }
            guard let elementType = tensor.elementType ?? storage.elementType else {
                throw CheckpointError.unsupported(
                    path: file.path,
                    problem:
                        "tensor '\(printable(name))' is stored as \(storage.className), which is "
                        + "not read; save it as float32")
            }
            let width = elementType.bitWidth / 8
            let available = tensor.view.count * storage.width / width
            guard let span = tensor.span(within: available),
                let byteCount = elementType.byteCount(of: tensor.shape)
            else {
                throw CheckpointError.malformed(
                    path: file.path,
                    problem:
                        "tensor '\(printable(name))' of shape \(tensor.shape.prefix(8)), strides "
                        + "\(tensor.strides.prefix(8)) and offset \(tensor.offset) reaches outside "
                        + "its storage of \(available) elements")
            }
            guard byteCount <= max(file.count, Self.mostRepeatedBytes) else {
                throw CheckpointError.malformed(
                    path: file.path,
                    problem:
                        "tensor '\(printable(name))' repeats its elements to \(byteCount) bytes, "
                        + "more than the whole file has")
            }
            let location = container.locations[tensor.view.storage]
            let start = location.start + tensor.view.offset * storage.width
            self.tensor = tensor
            self.elementType = elementType
            self.byteCount = byteCount
            bytes = start + span.lowerBound * width..<start + span.upperBound * width
            member = location.member
        }

        /// Copies the elements of a strided view to row-major order.
        func gather(
            _ span: UnsafeRawBufferPointer, into destination: UnsafeMutableRawBufferPointer
        ) {
            switch elementType.bitWidth {
            case 8: gather(span, into: destination, as: UInt8.self)
            case 16: gather(span, into: destination, as: UInt16.self)
            case 32: gather(span, into: destination, as: UInt32.self)
            default: gather(span, into: destination, as: UInt64.self)
            }
        }

        private func gather<Word: BitwiseCopyable>(
            _ span: UnsafeRawBufferPointer, into destination: UnsafeMutableRawBufferPointer,
            as _: Word.Type
        ) {
            let size = MemoryLayout<Word>.size
            let shape = tensor.shape
            let rank = shape.count
            guard rank > 0 else { return }
            var index = [Int](repeating: 0, count: rank)
            var source = 0
            for element in 0..<destination.count / size {
                destination.storeBytes(
                    of: span.loadUnaligned(fromByteOffset: source * size, as: Word.self),
                    toByteOffset: element * size, as: Word.self)
                var axis = rank - 1
                while axis >= 0 {
                    index[axis] += 1
                    // Wrapping: the stride of an axis of length 1 may be anything.
                    source &+= tensor.strides[axis]
                    if index[axis] < shape[axis] { break }
                    source &-= index[axis] &* tensor.strides[axis]
                    index[axis] = 0
                    axis -= 1
                }
            }
        }
    }
}

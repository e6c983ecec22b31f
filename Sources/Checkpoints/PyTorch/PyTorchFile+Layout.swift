import FileAccess

extension PyTorchFile {
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

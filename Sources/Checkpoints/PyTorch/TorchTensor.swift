/// A run of elements of one type that tensors are views of.
struct TorchStorage: Equatable {
    let key: String
    /// The class that the pickle names, for messages.
    let className: String
    /// Nil where the bytes are untyped or of a type that safetensors does not have.
    let elementType: ElementType?
    /// Bytes of an element.
    let width: Int
    /// Elements.
    let count: Int

    /// The element type and width of a storage class, or nil where the class is unknown.
    static func layout(of className: String) -> (elementType: ElementType?, width: Int)? {
        switch className {
        case "FloatStorage": (.float32, 4)
        case "DoubleStorage": (.float64, 8)
        case "HalfStorage": (.float16, 2)
        case "BFloat16Storage": (.bfloat16, 2)
        case "LongStorage": (.int64, 8)
        case "IntStorage": (.int32, 4)
        case "ShortStorage": (.int16, 2)
        case "CharStorage": (.int8, 1)
        case "ByteStorage": (.uint8, 1)
        case "BoolStorage": (.bool, 1)
        case "ComplexFloatStorage": (.complex64, 8)
        case "ComplexDoubleStorage": (nil, 16)
        case "QInt8Storage", "QUInt8Storage", "QUInt4x2Storage", "QUInt2x4Storage": (nil, 1)
        case "QInt32Storage": (nil, 4)
        case "UntypedStorage": (nil, 1)
        default: nil
        }
    }

    /// The element type that a `torch.dtype` names.
    static func elementType(dtype: String) -> ElementType? {
        switch dtype {
        case "torch.float32": .float32
        case "torch.float64": .float64
        case "torch.float16": .float16
        case "torch.bfloat16": .bfloat16
        case "torch.int64": .int64
        case "torch.int32": .int32
        case "torch.int16": .int16
        case "torch.int8": .int8
        case "torch.uint8": .uint8
        case "torch.uint16": .uint16
        case "torch.uint32": .uint32
        case "torch.uint64": .uint64
        case "torch.bool": .bool
        case "torch.complex64": .complex64
        case "torch.float8_e4m3fn": .float8E4M3
        case "torch.float8_e5m2": .float8E5M2
        case "torch.float8_e8m0fnu": .float8E8M0
        default: nil
        }
    }
}

/// A part of a storage, in elements of the storage.
struct TorchStorageView {
    /// Its index in the heap.
    let storage: Int
    let offset: Int
    let count: Int
}

/// A view of a storage, as the pickle describes it. Nothing about it is trusted before `span(within:)`.
struct TorchTensor {
    let view: TorchStorageView
    /// Elements into the view, in units of this tensor's element type.
    let offset: Int
    let shape: [Int]
    let strides: [Int]
    /// The type that replaces the storage's, for untyped storages.
    let elementType: ElementType?

    /// The elements from the first to the last that the tensor touches; nil where they reach outside
    /// the `count` that there are, or a length or stride is negative.
    func span(within count: Int) -> Range<Int>? {
        guard offset >= 0, shape.count == strides.count, let elements = elementCount(shape),
            strides.allSatisfy({ $0 >= 0 })
        else { return nil }
        if elements == 0 { return offset <= count ? offset..<offset : nil }
        var last = offset
        for (length, stride) in zip(shape, strides) {
            let (reach, overflow) = (length - 1).multipliedReportingOverflow(by: stride)
            let (next, overflow2) = last.addingReportingOverflow(reach)
            guard !overflow, !overflow2 else { return nil }
            last = next
        }
        return last < count ? offset..<last + 1 : nil
    }

    /// Whether the elements lie in row-major order without gaps.
    var isContiguous: Bool {
        var expected = 1
        for axis in shape.indices.reversed() where shape[axis] != 1 {
            guard strides[axis] == expected else { return false }
            expected *= shape[axis]
        }
        return true
    }
}

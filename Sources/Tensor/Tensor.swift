/// A multi-dimensional array: a value with a shape, over shared memory that is copied when written.
///
/// Feature maps are channels-last everywhere: an image is `[height, width, channels]`, a clip
/// `[frames, height, width, channels]`, a sequence of tokens `[tokens, channels]`.
///
/// `reshaped`, `transposed` and `sliced` are views: they cost nothing and share the memory. Operations
/// that need their operand in row-major order make it so with `contiguous()`.
public struct Tensor<Element: TensorElement>: Sendable {
    /// The length of each axis, outermost first. A scalar's shape is empty.
    public let shape: [Int]

    /// How many elements apart neighbours along each axis lie in memory.
    public let strides: [Int]

    let offset: Int
    var storage: TensorStorage<Element>

    /// How the elements were computed, where that is traced for gradients.
    package internal(set) var origin: Origin?

    init(storage: TensorStorage<Element>, shape: [Int], strides: [Int], offset: Int) {
        self.storage = storage
        self.shape = shape
        self.strides = strides
        self.offset = offset
    }

    /// How many axes the tensor has.
    public var rank: Int { shape.count }

    /// How many elements the tensor has: the product of its shape.
    public var count: Int { shape.reduce(1, *) }

    /// Whether the elements lie in memory in row-major order without gaps.
    public var isContiguous: Bool {
        var expected = 1
        for axis in shape.indices.reversed() where shape[axis] != 1 {
            guard strides[axis] == expected else { return false }
            expected *= shape[axis]
        }
        return true
    }

    static func rowMajorStrides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        return strides
    }
}

import Tensor

/// A binary mask of one bit a pixel: what overlaps and boundaries are counted on, 64 pixels at a time.
public struct BitMask: Sendable, Hashable {
    /// Rows of the mask.
    public let height: Int

    /// Columns of the mask.
    public let width: Int

    /// How many words a row takes.
    let rowWords: Int

    /// The rows, each beginning with a word of its own; the lowest bit is the leftmost pixel, bits beyond the width
    /// are 0.
    private(set) var words: [UInt64]

    /// A mask without a pixel.
    public init(height: Int, width: Int) {
        precondition(height >= 0 && width >= 0, "BitMask: a size of \(height)x\(width)")
        self.height = height
        self.width = width
        rowWords = (width + 63) / 64
        words = Array(repeating: 0, count: height * rowWords)
    }

    /// The pixels of a bitmap, `[height, width]`.
    public init(_ bitmap: Tensor<Bool>) {
        self = bitmap.withUnsafeBuffer { pixels in
            BitMask(bytes: UnsafeRawBufferPointer(pixels), shape: bitmap.shape) {
                zeroBytes($0) ^ 0x8080_8080_8080_8080
            }
        }
    }

    /// The pixels of a label map, `[height, width]`, that are `label`.
    public init(_ labels: Tensor<UInt8>, equalTo label: UInt8) {
        let shape = labels.shape
        let pattern = UInt64(label) &* 0x0101_0101_0101_0101
        self = labels.withUnsafeBuffer { labels in
            BitMask(bytes: UnsafeRawBufferPointer(labels), shape: shape) { zeroBytes($0 ^ pattern) }
        }
    }

    /// The pixels of a label map, `[height, width]`, that are not 0.
    public init(nonzero labels: Tensor<UInt8>) {
        let shape = labels.shape
        self = labels.withUnsafeBuffer { labels in
            BitMask(bytes: UnsafeRawBufferPointer(labels), shape: shape) {
                zeroBytes($0) ^ 0x8080_8080_8080_8080
            }
        }
    }

    /// The pixels of gray levels, `[height, width]`, that are at least `threshold`.
    public init(_ levels: Tensor<UInt8>, atLeast threshold: UInt8) {
        self.init(
            levels.withUnsafeBuffer { pixels in
                Tensor<Bool>(shape: levels.shape) { target in
                    for index in target.indices { target[index] = pixels[index] >= threshold }
                }
            })
    }

    /// Packs eight pixels at a time: `select` sets the highest bit of each byte whose pixel belongs to the mask.
    @inline(__always)
    private init(bytes: UnsafeRawBufferPointer, shape: [Int], select: (UInt64) -> UInt64) {
        precondition(shape.count == 2, "BitMask: pixels of shape \(shape), not [height, width]")
        self.init(height: shape[0], width: shape[1])
        let (height, width, rowWords) = (height, width, rowWords)
        words.withUnsafeMutableBufferPointer { words in
            for row in 0..<height {
                var column = 0
                while column < width {
                    let count = min(8, width &- column)
                    let start = row &* width &+ column
                    var eight: UInt64 = 0
                    if count == 8 {
                        eight = UInt64(
                            littleEndian: bytes.loadUnaligned(
                                fromByteOffset: start, as: UInt64.self))
                    } else {
                        for place in 0..<count {
                            eight |= UInt64(bytes[start &+ place]) &<< UInt64(8 &* place)
                        }
                    }
                    // Gathers the eight highest bits into the product's highest byte, the first pixel lowest.
                    var bits = ((select(eight) &>> 7) &* 0x0102_0408_1020_4080) &>> 56
                    if count < 8 { bits &= (1 &<< UInt64(count)) &- 1 }
                    words[row &* rowWords &+ column &>> 6] |= bits &<< UInt64(column & 63)
                    column &+= 8
                }
            }
        }
    }

    /// How many pixels are set.
    public var count: Int { words.reduce(0) { $0 &+ $1.nonzeroBitCount } }

    /// Whether no pixel is set.
    public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// Whether the pixel is set.
    public subscript(row: Int, column: Int) -> Bool {
        words[row * rowWords + column / 64] >> UInt64(column % 64) & 1 == 1
    }

    /// The pixels of this mask that are not in `other`.
    public func subtracting(_ other: BitMask) -> BitMask {
        expectSameSize(other, "subtracting")
        var result = self
        for index in words.indices { result.words[index] &= ~other.words[index] }
        return result
    }

    func expectSameSize(_ other: BitMask, _ operation: String) {
        precondition(
            height == other.height && width == other.width,
            "\(operation): masks of \(width)x\(height) and \(other.width)x\(other.height)")
    }

    /// A mask of words that were computed.
    init(height: Int, width: Int, rowWords: Int, words: [UInt64]) {
        self.height = height
        self.width = width
        self.rowWords = rowWords
        self.words = words
    }
}

/// The highest bit of each byte that is 0.
@inline(__always)
private func zeroBytes(_ bytes: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return ~(((bytes & low) &+ low) | bytes | low)
}

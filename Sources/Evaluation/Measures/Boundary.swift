/// The boundary of a mask, one pixel wide.
///
/// Source: `seg2bmap` of the DAVIS tools.
public struct Boundary: Sendable {
    /// The boundary's pixels.
    let pixels: BitMask

    /// How many pixels it has.
    public let count: Int

    /// The boundary of `mask`: pixels that differ from their right, lower or lower right neighbour.
    ///
    /// Quirk: the last row looks to the right only and the last column downwards only, so a mask that touches the
    /// frame's edge has no boundary there, and the last pixel is never one.
    public init(of mask: BitMask) {
        let (height, rowWords) = (mask.height, mask.rowWords)
        let lastBit = UInt64((mask.width + 63) & 63)
        var result = [UInt64](repeating: 0, count: mask.words.count)
        var count = 0
        mask.words.withUnsafeBufferPointer { words in
            // A row moved one pixel to the left; its last pixel stays, so that it equals its own neighbour.
            func moved(_ row: Int, _ word: Int) -> UInt64 {
                let here = words[row &* rowWords &+ word]
                let next =
                    word &+ 1 < rowWords
                    ? words[row &* rowWords &+ word &+ 1] &<< 63
                    : here & (1 &<< lastBit)
                return here &>> 1 | next
            }
            for row in 0..<height {
                // The last row is its own lower neighbour.
                let below = min(row &+ 1, height &- 1)
                for word in 0..<rowWords {
                    let here = words[row &* rowWords &+ word]
                    let bits =
                        (here ^ moved(row, word)) | (here ^ words[below &* rowWords &+ word])
                        | (here ^ moved(below, word))
                    result[row &* rowWords &+ word] = bits
                    count &+= bits.nonzeroBitCount
                }
            }
        }
        pixels = BitMask(height: height, width: mask.width, rowWords: rowWords, words: result)
        self.count = count
    }

    /// How many pixels of this boundary have one of `other` within a disk.
    ///
    /// The same as counting them on `other` dilated by the disk; boundaries are sparse, so looking around each of
    /// their pixels is far cheaper.
    func countMatches(with other: Boundary, in disk: Disk) -> Int {
        guard other.count > 0 else { return 0 }
        let (height, width, rowWords) = (pixels.height, pixels.width, pixels.rowWords)
        var matches = 0
        pixels.words.withUnsafeBufferPointer { mine in
            other.pixels.words.withUnsafeBufferPointer { others in
                func hasPixel(row: Int, from first: Int, to last: Int) -> Bool {
                    let base = row &* rowWords
                    var word = first &>> 6
                    let lastWord = last &>> 6
                    var bits = others[base &+ word] & (~0 &<< UInt64(first & 63))
                    while word < lastWord {
                        if bits != 0 { return true }
                        word &+= 1
                        bits = others[base &+ word]
                    }
                    return bits & (~0 &>> UInt64(63 &- last & 63)) != 0
                }
                func hasNeighbour(_ row: Int, _ column: Int) -> Bool {
                    for distance in 0...disk.radius {
                        let half = disk.halfWidths[distance]
                        let first = max(0, column &- half)
                        let last = min(width &- 1, column &+ half)
                        if row &- distance >= 0,
                            hasPixel(row: row &- distance, from: first, to: last)
                        {
                            return true
                        }
                        if row &+ distance < height,
                            hasPixel(row: row &+ distance, from: first, to: last)
                        {
                            return true
                        }
                    }
                    return false
                }
                for row in 0..<height {
                    for word in 0..<rowWords {
                        var bits = mine[row &* rowWords &+ word]
                        while bits != 0 {
                            let column = word &* 64 &+ bits.trailingZeroBitCount
                            if hasNeighbour(row, column) { matches &+= 1 }
                            bits &= bits &- 1
                        }
                    }
                }
            }
        }
        return matches
    }
}

/// The pixels within a whole number of pixels from a centre.
struct Disk: Sendable {
    let radius: Int

    /// How far the disk reaches to each side, in the row that is so many rows from the centre.
    let halfWidths: [Int]

    init(radius: Int) {
        self.radius = radius
        halfWidths = (0...radius).map { distance in
            var half = radius
            while half * half + distance * distance > radius * radius { half -= 1 }
            return half
        }
    }

    /// The disk within which boundaries match: 0.8 % of the frame's diagonal, rounded up.
    init(height: Int, width: Int) {
        let diagonal = Double(height * height + width * width).squareRoot()
        self.init(radius: Int((0.008 * diagonal).rounded(.up)))
    }
}

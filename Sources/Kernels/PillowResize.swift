/// Pillow's bilinear filter along one axis: for each output sample a run of input samples and their
/// weights in 22-bit fixed point.
private struct TriangleFilter {
    static let precisionBits: Int32 = 22
    static let half: Int32 = 1 << (precisionBits - 1)

    /// The first input sample of each output sample.
    private(set) var first: [Int] = []
    /// Where each output sample's weights begin, and where the last one's end.
    private(set) var bounds: [Int] = [0]
    private(set) var weights: [Int32] = []

    /// The triangle is stretched where the image shrinks, so that every input sample counts; its weights
    /// are made in double precision and rounded, as in Pillow's `Resample.c`.
    init(from input: Int, to output: Int) {
        let scale = Double(input) / Double(output)
        let stretch = max(scale, 1)
        for i in 0..<output {
            let center = (Double(i) + 0.5) * scale
            let start = max(0, Int(center - stretch + 0.5))
            let end = min(input, Int(center + stretch + 0.5))
            let shares = (start..<end).map { j in
                max(0, 1 - abs((Double(j) - center + 0.5) * (1 / stretch)))
            }
            let total = shares.reduce(0, +)
            first.append(start)
            weights += shares.map { share in
                let normalized = total != 0 ? share / total : share
                return Int32(0.5 + normalized * Double(1 << Self.precisionBits))
            }
            bounds.append(weights.count)
        }
    }

    /// The sum of an output sample's weighted inputs, rounded to 8 bits.
    @inline(__always)
    static func rounded(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: max(0, min(255, sum &>> precisionBits)))
    }
}

/// Pillow's bilinear resize of an 8-bit image `[height, width, channels]`, bit for bit: first along
/// rows, rounded to 8 bits, then down.
///
/// Pillow 13 goes down first where that is cheaper, as when the height shrinks much more than the width;
/// with images that keep their proportions both orders are the same one.
package func pillowResize(
    _ source: UnsafePointer<UInt8>, height: Int, width: Int, channels: Int,
    into destination: UnsafeMutablePointer<UInt8>, height outHeight: Int, width outWidth: Int
) {
    let line = outWidth * channels
    guard width != outWidth else {
        resizeDown(source, from: height, line: line, to: outHeight, into: destination)
        return
    }
    let between = CachingAllocator.shared.allocate(bytes: height * line)
    defer { CachingAllocator.shared.deallocate(between, bytes: height * line) }
    let stretched = between.bindMemory(to: UInt8.self, capacity: height * line)
    let filter = TriangleFilter(from: width, to: outWidth)
    ThreadPool.shared.runRanges(height, grain: 16) { range in
        for row in range {
            resizeRow(
                source + row * width * channels, channels, filter, into: stretched + row * line)
        }
    }
    resizeDown(stretched, from: height, line: line, to: outHeight, into: destination)
}

private func resizeRow(
    _ source: UnsafePointer<UInt8>, _ channels: Int, _ filter: TriangleFilter,
    into destination: UnsafeMutablePointer<UInt8>
) {
    filter.weights.withUnsafeBufferPointer { weights in
        for (i, first) in filter.first.enumerated() {
            let begin = filter.bounds[i]
            let count = filter.bounds[i + 1] &- begin
            for c in 0..<channels {
                var sum = TriangleFilter.half
                var from = source + (first &* channels &+ c)
                for j in 0..<count {
                    sum &+= Int32(truncatingIfNeeded: from.pointee) &* weights[begin &+ j]
                    from += channels
                }
                destination[i &* channels &+ c] = TriangleFilter.rounded(sum)
            }
        }
    }
}

/// Resizes `[height, line]` to `[outHeight, line]`.
private func resizeDown(
    _ source: UnsafePointer<UInt8>, from height: Int, line: Int, to outHeight: Int,
    into destination: UnsafeMutablePointer<UInt8>
) {
    if height == outHeight {
        destination.update(from: source, count: height * line)
        return
    }
    let filter = TriangleFilter(from: height, to: outHeight)
    ThreadPool.shared.runRanges(outHeight, grain: 16) { range in
        for row in range {
            let begin = filter.bounds[row]
            let count = filter.bounds[row + 1] - begin
            filter.weights.withUnsafeBufferPointer { weights in
                for i in 0..<line {
                    var sum = TriangleFilter.half
                    var from = source + (filter.first[row] &* line &+ i)
                    for j in 0..<count {
                        sum &+= Int32(truncatingIfNeeded: from.pointee) &* weights[begin &+ j]
                        from += line
                    }
                    destination[row &* line &+ i] = TriangleFilter.rounded(sum)
                }
            }
        }
    }
}

/// Copies the elements of a strided view in row-major order, split over the pool.
///
/// - Parameters:
///   - elementSize: Bytes of an element.
///   - strides: In elements, one for each axis of `shape`.
package func parallelStridedCopy(
    elementSize: Int, shape: [Int], strides: [Int], from source: UnsafeRawPointer,
    into destination: UnsafeMutableRawPointer
) {
    guard !shape.contains(0) else { return }
    // No integer of another size: an element is an axis of bytes.
    guard [1, 2, 4, 8].contains(elementSize) else {
        StridedView(shape + [elementSize], strides.map { $0 * elementSize } + [1])
            .copy(UInt8.self, source, destination)
        return
    }
    let view = StridedView(shape, strides)
    switch elementSize {
    case 1: view.copy(UInt8.self, source, destination)
    case 2: view.copy(UInt16.self, source, destination)
    case 4: view.copy(UInt32.self, source, destination)
    default: view.copy(UInt64.self, source, destination)
    }
}

/// Copies `count` runs of `bytes` bytes, each its own distance apart at either end, split over the pool.
package func parallelCopyRuns(
    count: Int, bytes: Int, from source: UnsafeRawPointer, strideFrom: Int,
    into destination: UnsafeMutableRawPointer, strideInto: Int
) {
    let isOneBlock = strideFrom == bytes && strideInto == bytes
    parallelCopyRuns(
        count: isOneBlock ? 1 : count, bytes: isOneBlock ? count * bytes : bytes,
        from: { source + $0 &* strideFrom }, into: { destination + $0 &* strideInto })
}

/// Copies `count` runs of `bytes` bytes from where `source` says each begins to where `destination` says, split
/// over the pool.
@inline(__always)
package func parallelCopyRuns(
    count: Int, bytes: Int, from source: (_ run: Int) -> UnsafeRawPointer,
    into destination: (_ run: Int) -> UnsafeMutableRawPointer
) {
    guard count > 0, bytes > 0 else { return }
    let bytesPerTask = 4 * elementwiseGrain
    if bytes > bytesPerTask {
        // Long runs: in pieces of a task's size.
        let pieces = (bytes + bytesPerTask - 1) / bytesPerTask
        ThreadPool.shared.run(count * pieces) { task in
            let (run, first) = (task / pieces, task % pieces * bytesPerTask)
            (destination(run) + first).copyMemory(
                from: source(run) + first, byteCount: min(bytesPerTask, bytes - first))
        }
        return
    }
    ThreadPool.shared.runRanges(count, grain: bytesPerTask / bytes) { range in
        for run in range {
            destination(run).copyMemory(from: source(run), byteCount: bytes)
        }
    }
}

/// A view with as few axes as describe it.
private struct StridedView {
    private var shape: [Int] = []
    private var strides: [Int] = []

    init(_ lengths: [Int], _ steps: [Int]) {
        for (length, step) in zip(lengths, steps) where length != 1 {
            if let last = shape.indices.last, strides[last] == step * length {
                shape[last] *= length
                strides[last] = step
            } else {
                shape.append(length)
                strides.append(step)
            }
        }
        if shape.isEmpty {
            shape = [1]
            strides = [1]
        }
    }

    func copy<Element>(
        _ type: Element.Type, _ source: UnsafeRawPointer, _ destination: UnsafeMutableRawPointer
    ) where Element: FixedWidthInteger & BitwiseCopyable {
        let from = source.assumingMemoryBound(to: type)
        let to = destination.assumingMemoryBound(to: type)
        let last = shape.count - 1
        if strides[last] != 1, let dense = strides.firstIndex(of: 1) {
            transpose(from, to, dense: dense)
        } else {
            copyLines(from, to)
        }
    }

    /// Line by line of the last axis.
    private func copyLines<Element>(
        _ from: UnsafePointer<Element>, _ to: UnsafeMutablePointer<Element>
    ) where Element: BitwiseCopyable {
        let last = shape.count - 1
        let (length, step) = (shape[last], strides[last])
        let lines = shape[..<last].reduce(1, *)
        ThreadPool.shared.runRanges(lines, grain: max(1, elementwiseGrain / length)) { range in
            for line in range {
                let start = from + offset(line, axes: 0..<last)
                let end = to + line &* length
                if step == 1 {
                    end.update(from: start, count: length)
                } else {
                    for i in 0..<length { end[i] = start[i &* step] }
                }
            }
        }
    }

    /// Where another axis than the last is dense in the source: in tiles of 16 by 16, so that each line of
    /// the cache that is read or written is used up while it is there.
    private func transpose<Element>(
        _ from: UnsafePointer<Element>, _ to: UnsafeMutablePointer<Element>, dense: Int
    ) where Element: BitwiseCopyable {
        let last = shape.count - 1
        let (length, step) = (shape[last], strides[last])
        let rowStep = shape[(dense + 1)...].reduce(1, *)
        let tile = 16
        let tileRows = (shape[dense] + tile - 1) / tile
        let between = shape[(dense + 1)..<last].reduce(1, *)
        let outer = shape[..<dense].reduce(1, *)
        let grain = max(1, elementwiseGrain / (tile * length))
        ThreadPool.shared.runRanges(outer * between * tileRows, grain: grain) { range in
            for task in range {
                let first = task % tileRows &* tile
                let middle = task / tileRows % between
                let group = task / tileRows / between
                let source =
                    from + offset(group, axes: 0..<dense)
                    + offset(middle, axes: dense + 1..<last) + first
                let target =
                    to + group &* shape[dense] &* rowStep + first &* rowStep + middle &* length
                let rows = min(tile, shape[dense] &- first)
                var column = 0
                while column < length {
                    let columns = min(tile, length &- column)
                    for row in 0..<rows {
                        let read = source + (column &* step &+ row)
                        let write = target + (row &* rowStep &+ column)
                        for i in 0..<columns { write[i] = read[i &* step] }
                    }
                    column &+= tile
                }
            }
        }
    }

    /// Where the `index`-th combination of these axes begins.
    @inline(__always)
    private func offset(_ index: Int, axes: Range<Int>) -> Int {
        var rest = index
        var offset = 0
        for axis in axes.reversed() {
            offset &+= rest % shape[axis] &* strides[axis]
            rest /= shape[axis]
        }
        return offset
    }
}

/// A resized axis seen from its source: the results that each element went into, and by what weights.
package struct TransposedSampling: Sendable {
    /// Where the entries of each source element begin, and where the last one's end.
    let starts: [Int]
    let results: [Int]
    let weights: [Float]
    /// The length of the resized axis.
    let length: Int

    /// - Parameter input: The length of the source.
    package init(_ sampling: LinearSampling, input: Int) {
        self.init(
            zip(sampling.first, sampling.weight).enumerated().map { ($1.0, $0, 1 - $1.1) }
                + zip(sampling.second, sampling.weight).enumerated().map { ($1.0, $0, $1.1) },
            input: input, length: sampling.weight.count)
    }

    /// Of a resized axis whose elements are copies of those at `indices`.
    package init(nearest indices: [Int], input: Int) {
        self.init(
            indices.enumerated().map { ($1, $0, 1) }, input: input, length: indices.count)
    }

    private init(
        _ entries: [(source: Int, result: Int, weight: Float)], input: Int, length: Int
    ) {
        var bySource = [[(result: Int, weight: Float)]](repeating: [], count: input)
        for entry in entries where entry.weight != 0 {
            bySource[entry.source].append((entry.result, entry.weight))
        }
        starts = bySource.reduce(into: [0]) { starts, list in
            starts.append(starts[starts.count - 1] + list.count)
        }
        results = bySource.flatMap { $0.map(\.result) }
        weights = bySource.flatMap { $0.map(\.weight) }
        self.length = length
    }
}

/// The gradient of a separable resize: each row of the source gathers the rows of `gradient` that it went
/// into, then each of its pixels the pixels.
///
/// - Parameters:
///   - gradient: `[frames, rows.length, columns.length, channels]`.
///   - result: `[frames, height, width, channels]` of the source.
package func parallelResizeGradient(
    frames: Int, height: Int, width: Int, channels: Int, _ gradient: UnsafePointer<Float>,
    rows: TransposedSampling, columns: TransposedSampling,
    into result: UnsafeMutablePointer<Float>
) {
    let line = columns.length * channels
    ThreadPool.shared.run(frames * height) { task in
        let (frame, row) = (task / height, task % height)
        withScratch(floats: line) { scratch in
            clearFloats(scratch, count: line)
            for entry in rows.starts[row]..<rows.starts[row + 1] {
                addScaled(
                    gradient + (frame &* rows.length &+ rows.results[entry]) &* line,
                    rows.weights[entry], count: line, to: scratch)
            }
            let target = result + task &* width &* channels
            clearFloats(target, count: width &* channels)
            columns.gather(scratch, pixels: width, channels: channels, into: target)
        }
    }
}

extension TransposedSampling {
    /// Adds to each of `pixels` the pixels of `line` that it went into.
    fileprivate func gather(
        _ line: UnsafePointer<Float>, pixels: Int, channels: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        for pixel in 0..<pixels {
            for entry in starts[pixel]..<starts[pixel + 1] {
                addScaled(
                    line + results[entry] &* channels, weights[entry], count: channels,
                    to: target + pixel &* channels)
            }
        }
    }
}

/// `target += source * weight`.
@inline(__always)
private func addScaled(
    _ source: UnsafePointer<Float>, _ weight: Float, count: Int,
    to target: UnsafeMutablePointer<Float>
) {
    let wide = Float8(repeating: weight)
    var i = 0
    while i &+ 8 <= count {
        store(multiplyAdd(load(source + i), wide, load(target + i)), target + i)
        i &+= 8
    }
    while i < count {
        target[i] += source[i] * weight
        i &+= 1
    }
}

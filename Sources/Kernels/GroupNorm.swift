/// Normalises each group of channels of each batch element over all positions, then scales and shifts
/// each channel. `[batch, positions, channels]`; group `g` has channels `g * channels / groups ...`.
///
/// Each run of positions gives its own mean and squared differences from it, both from the cache, and
/// these are merged in double precision (Chan et al. 1983): as accurate as two passes, for the price of
/// one.
package func parallelGroupNorm(
    batch: Int, positions: Int, channels: Int, groups: Int, _ source: UnsafePointer<Float>,
    weight: UnsafePointer<Float>?, bias: UnsafePointer<Float>?, epsilon: Float,
    activation: Activation, into destination: UnsafeMutablePointer<Float>
) {
    let part = max(1, min(2 * accumulationRows, elementwiseGrain / channels))
    let parts = (positions + part - 1) / part
    let streams = Streaming.suits(
        count: batch * positions * channels, from: source, into: destination, rowLength: channels)
    withScratch(floats: 2 * batch * channels) { means in
        let factors = means + batch * channels
        parallelGroupMoments(
            batch: batch, positions: positions, part: part, channels: channels, groups: groups,
            source, epsilon: epsilon, means: means, factors: factors)
        if let weight {
            for element in 0..<batch {
                for channel in 0..<channels {
                    factors[element * channels + channel] *= weight[channel]
                }
            }
        }
        ThreadPool.shared.run(batch * parts) { task in
            let first = task % parts * part
            let offset = (task / parts * positions + first) * channels
            let channel = task / parts * channels
            apply(
                rows: min(part, positions - first), channels: channels, source + offset,
                means: means + channel, factors: factors + channel, bias: bias, activation,
                streams: streams, into: destination + offset)
        }
    }
}

/// The mean and one over the standard deviation of each group, repeated for each of its channels:
/// `[batch, channels]`. Taken by runs of `part` positions.
func parallelGroupMoments(
    batch: Int, positions: Int, part: Int, channels: Int, groups: Int,
    _ source: UnsafePointer<Float>, epsilon: Float, means: UnsafeMutablePointer<Float>,
    factors: UnsafeMutablePointer<Float>
) {
    let parts = (positions + part - 1) / part
    let width = channels / groups
    withScratch(floats: 2 * batch * parts * groups) { moments in
        ThreadPool.shared.run(batch * parts) { task in
            let first = task % parts * part
            gatherMoments(
                rows: min(part, positions - first), channels: channels, groups: groups,
                source + (task / parts * positions + first) * channels,
                into: moments + 2 * task * groups)
        }
        for element in 0..<batch {
            for group in 0..<groups {
                let (mean, variance) = mergedMoments(
                    positions: positions, part: part, moments + 2 * element * parts * groups,
                    group: group, groups: groups, width: width)
                let start = element * channels + group * width
                (means + start).update(repeating: mean, count: width)
                (factors + start).update(
                    repeating: 1 / (variance + epsilon).squareRoot(), count: width)
            }
        }
    }
}

/// The mean and the sum of squared differences from it of each group, in pairs.
private func gatherMoments(
    rows: Int, channels: Int, groups: Int, _ source: UnsafePointer<Float>,
    into moments: UnsafeMutablePointer<Float>
) {
    let width = channels / groups
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * channels) { buffer in
        guard let sums = buffer.baseAddress else { return }
        let means = sums + channels
        accumulateRows(
            .sum, rows: rows, columns: channels, source, stride: channels, center: nil, into: sums)
        for group in 0..<groups {
            let mean = sum(width, sums + group * width) / Float(rows * width)
            moments[2 * group] = mean
            (means + group * width).update(repeating: mean, count: width)
        }
        accumulateRows(
            .sumOfSquares, rows: rows, columns: channels, source, stride: channels, center: means,
            into: sums)
        for group in 0..<groups {
            moments[2 * group + 1] = sum(width, sums + group * width)
        }
    }
}

/// The mean and the variance of one group over all parts of an element.
private func mergedMoments(
    positions: Int, part: Int, _ moments: UnsafePointer<Float>, group: Int, groups: Int, width: Int
) -> (mean: Float, variance: Float) {
    let parts = (positions + part - 1) / part
    let rows = { (index: Int) in Double(min(part, positions - index * part)) }
    let pair = { (index: Int) in moments + 2 * (index * groups + group) }
    let mean =
        (0..<parts).reduce(0.0) { $0 + rows($1) * Double(pair($1)[0]) } / Double(positions)
    let squares = (0..<parts).reduce(0.0) { total, index in
        let difference = Double(pair(index)[0]) - mean
        return total + Double(pair(index)[1]) + rows(index) * Double(width) * difference
            * difference
    }
    return (Float(mean), Float(squares / Double(positions * width)))
}

/// `activation((source - mean) * factor + bias)`, each channel with its own.
private func apply(
    rows: Int, channels: Int, _ source: UnsafePointer<Float>, means: UnsafePointer<Float>,
    factors: UnsafePointer<Float>, bias: UnsafePointer<Float>?, _ activation: Activation,
    streams: Bool, into destination: UnsafeMutablePointer<Float>
) {
    for row in 0..<rows {
        let from = source + row &* channels
        let to = destination + row &* channels
        var i = 0
        while i &+ 8 <= channels {
            let shift = bias.map { load($0 + i) } ?? Float8(repeating: 0)
            let centered = load(from + i) - load(means + i)
            let value = activation(multiplyAdd(centered, load(factors + i), shift))
            store(value, to + i, streaming: streams)
            i &+= 8
        }
        let left = channels &- i
        guard left > 0 else { continue }
        let shift = bias.map { loadPartial($0 + i, left) } ?? Float8(repeating: 0)
        let centered = loadPartial(from + i, left) - loadPartial(means + i, left)
        let value = activation(multiplyAdd(centered, loadPartial(factors + i, left), shift))
        storePartial(value, to + i, left)
    }
}

/// The gradients of a group norm of `[batch, positions, channels]`, split over the pool by runs of positions.
///
/// With `n = (x - mean) * factor` and `h = weight * gradient`, both means over the group,
/// `dX = factor (h - mean(h) - n mean(h n))`: for each channel a sum of `gradient`, `x - mean` and a constant.
package func parallelGroupNormGradients(
    batch: Int, positions: Int, channels: Int, groups: Int, _ x: UnsafePointer<Float>,
    weight: UnsafePointer<Float>?, epsilon: Float, gradient: UnsafePointer<Float>,
    byX: UnsafeMutablePointer<Float>, byWeight: UnsafeMutablePointer<Float>,
    byBias: UnsafeMutablePointer<Float>
) {
    let part = max(1, min(accumulationRows, elementwiseGrain / channels))
    let parts = (positions + part - 1) / part
    let size = batch * channels
    withScratch(floats: (2 * parts + 7) * size) { memory in
        let (means, factors, bySums) = (memory, memory + size, memory + 2 * size)
        let (byProducts, coefficients) = (memory + 3 * size, memory + 4 * size)
        let sums = memory + 7 * size
        parallelGroupMoments(
            batch: batch, positions: positions, part: part, channels: channels, groups: groups, x,
            epsilon: epsilon, means: means, factors: factors)
        ThreadPool.shared.run(batch * parts) { task in
            let (element, first) = (task / parts, task % parts * part)
            let start = (element * positions + first) * channels
            gatherProducts(
                rows: min(part, positions - first), channels: channels, x + start,
                means: means + element * channels, gradient + start,
                into: sums + 2 * task * channels
            )
        }
        for element in 0..<batch {
            let (own, to) = (sums + 2 * element * parts * channels, element * channels)
            sumParts(parts, own, stride: 2 * channels, count: channels, into: bySums + to)
            sumParts(
                parts, own + channels, stride: 2 * channels, count: channels, into: byProducts + to)
            for channel in to..<to + channels { byProducts[channel] *= factors[channel] }
            findCoefficients(
                channels: channels, groups: groups, positions: positions, sums: bySums + to,
                products: byProducts + to, weight: weight, factors: factors + to,
                into: coefficients + 3 * to)
        }
        sumParts(batch, bySums, stride: channels, count: channels, into: byBias)
        sumParts(batch, byProducts, stride: channels, count: channels, into: byWeight)
        ThreadPool.shared.run(batch * parts) { task in
            let (element, first) = (task / parts, task % parts * part)
            let start = (element * positions + first) * channels
            applyCoefficients(
                rows: min(part, positions - first), channels: channels, x + start,
                means: means + element * channels, gradient + start,
                coefficients + 3 * element * channels, into: byX + start)
        }
    }
}

/// The sums over rows of `gradient`, then those of `gradient * (x - mean)`, of each channel.
private func gatherProducts(
    rows: Int, channels: Int, _ x: UnsafePointer<Float>, means: UnsafePointer<Float>,
    _ gradient: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
) {
    sums.update(repeating: 0, count: 2 * channels)
    let products = sums + channels
    for row in 0..<rows {
        let (x, gradient) = (x + row &* channels, gradient + row &* channels)
        var i = 0
        while i &+ 8 <= channels {
            let g = load(gradient + i)
            store(load(sums + i) + g, sums + i)
            store(multiplyAdd(g, load(x + i) - load(means + i), load(products + i)), products + i)
            i &+= 8
        }
        while i < channels {
            sums[i] += gradient[i]
            products[i] += gradient[i] * (x[i] - means[i])
            i &+= 1
        }
    }
}

/// For each channel of one element, what `gradient` and `x - mean` are multiplied by, and what is added.
private func findCoefficients(
    channels: Int, groups: Int, positions: Int, sums: UnsafePointer<Float>,
    products: UnsafePointer<Float>, weight: UnsafePointer<Float>?, factors: UnsafePointer<Float>,
    into coefficients: UnsafeMutablePointer<Float>
) {
    let width = channels / groups
    for group in 0..<groups {
        let own = group * width..<(group + 1) * width
        var (middle, slope) = (0.0, 0.0)
        for channel in own {
            let weight = Double(weight?[channel] ?? 1)
            middle += weight * Double(sums[channel])
            slope += weight * Double(products[channel])
        }
        let count = Double(positions * width)
        let factor = Double(factors[own.lowerBound])
        for channel in own {
            coefficients[channel] = factors[channel] * (weight?[channel] ?? 1)
            coefficients[channels + channel] = Float(-factor * factor * slope / count)
            coefficients[2 * channels + channel] = Float(-factor * middle / count)
        }
    }
}

private func applyCoefficients(
    rows: Int, channels: Int, _ x: UnsafePointer<Float>, means: UnsafePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ coefficients: UnsafePointer<Float>,
    into byX: UnsafeMutablePointer<Float>
) {
    let (slopes, shifts) = (coefficients + channels, coefficients + 2 &* channels)
    for row in 0..<rows {
        let (x, gradient) = (x + row &* channels, gradient + row &* channels)
        let to = byX + row &* channels
        var i = 0
        while i &+ 8 <= channels {
            let rest = multiplyAdd(
                load(x + i) - load(means + i), load(slopes + i), load(shifts + i))
            store(multiplyAdd(load(gradient + i), load(coefficients + i), rest), to + i)
            i &+= 8
        }
        while i < channels {
            to[i] = gradient[i] * coefficients[i] + (x[i] - means[i]) * slopes[i] + shifts[i]
            i &+= 1
        }
    }
}

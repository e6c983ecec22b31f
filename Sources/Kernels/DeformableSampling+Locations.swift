typealias Int32x8 = SIMD8<Int32>

/// What the locations of eight points need to know of their levels.
struct PointGroup {
    /// The valid part of the map's width and height, in pixels.
    var validWidth = Float8(repeating: 0)
    var validHeight = Float8(repeating: 0)
    var width = Float8(repeating: 0)
    var height = Float8(repeating: 0)
    var columns = Int32x8(repeating: 0)
    var lastRow = Int32x8(repeating: 0)
    var start = Int32x8(repeating: 0)
}

/// The four pixels around each of eight points: how many floats from the first value they lie, and what
/// their values are multiplied by. One outside the map counts nothing.
struct TapGroup {
    var offsets: (Int32x8, Int32x8, Int32x8, Int32x8)
    var weights: (Float8, Float8, Float8, Float8)
}

/// Between which two pixels of a row or column points lie.
private struct Neighbours {
    /// Clamped to the map.
    let first: Int32x8
    let second: Int32x8
    /// Zero outside the map.
    let firstWeight: Float8
    let secondWeight: Float8

    /// `position` counts pixel centres; `length` and `last` are the axis' length and last index.
    @inline(__always)
    init(_ position: Float8, length: Float8, last: Int32x8) {
        let zero = Float8(repeating: 0)
        // What is no number becomes -1, where nothing is read, like everything farther out.
        let x = minimum(maximum(Float8(repeating: -1), position), length)
        // Adding this rounds to an integer, which then stands in the low bits.
        let rounding = Float8(repeating: 12_582_912)
        let nearest = (x + rounding) - rounding
        let left = nearest.replacing(with: nearest - 1, where: x .< nearest)
        let index =
            unsafeBitCast(left + rounding, to: Int32x8.self)
            &- unsafeBitCast(rounding, to: Int32x8.self)
        let share = x - left
        let next = left + 1
        firstWeight = (1 - share).replacing(
            with: zero, where: (left .< zero) .| (left .>= length))
        secondWeight = share.replacing(with: zero, where: next .>= length)
        let none = Int32x8(repeating: 0)
        let clamped = index.replacing(with: none, where: index .< none)
        first = clamped.replacing(with: last, where: clamped .> last)
        let following = index &+ 1
        second = following.replacing(with: last, where: following .> last)
    }
}

extension DeformableSampling {
    /// Writes the table of a frame's points, level by level. Points that fill up the last group lie in a
    /// map without size.
    @inline(__always)
    func fill(
        _ table: UnsafeMutablePointer<PointGroup>, groups: Int, ratios: UnsafePointer<Float>
    ) {
        for group in 0..<groups {
            var entry = PointGroup()
            for lane in 0..<min(8, levels.count &* points &- group &* 8) {
                let index = (group &* 8 &+ lane) / points
                let level = levels[index]
                entry.width[lane] = Float(level.width)
                entry.height[lane] = Float(level.height)
                entry.validWidth[lane] = ratios[2 &* index] * Float(level.width)
                entry.validHeight[lane] = ratios[2 &* index &+ 1] * Float(level.height)
                entry.columns[lane] = Int32(level.width)
                entry.lastRow[lane] = Int32(level.height &- 1)
                entry.start[lane] = Int32(level.start)
            }
            (table + group).initialize(to: entry)
        }
    }

    /// Writes the taps of all points of one head of one query.
    @inline(__always)
    func locate(
        _ table: UnsafePointer<PointGroup>, count: Int, offsets: UnsafePointer<Float>,
        logits: UnsafePointer<Float>, reference: UnsafePointer<Float>,
        into taps: UnsafeMutablePointer<TapGroup>
    ) {
        let groups = (count &+ 7) / 8
        let x = Float8(repeating: reference[0])
        let y = Float8(repeating: reference[1])
        // An offset counts pixels of the map, or is a share of half the box for each point.
        let isBox = referenceWidth == 4
        let half = 0.5 / Float(points)
        let boxWidth = Float8(repeating: isBox ? reference[2] * half : 0)
        let boxHeight = Float8(repeating: isBox ? reference[3] * half : 0)
        let stride = Int32x8(repeating: Int32(values.tokenStride))

        var largest = Float8(repeating: -.infinity)
        for group in 0..<groups {
            largest = maximum(largest, logitGroup(logits, group, count))
        }
        let shift = Float8(repeating: horizontalMaximum(largest))
        var sums = Float8(repeating: 0)
        for group in 0..<groups {
            let share = exponentialOfNonPositive(logitGroup(logits, group, count) - shift)
            sums += share
            let level = table[group]
            let (dx, dy) = offsetGroup(offsets, group, count)
            let scaledX = isBox ? dx * boxWidth * level.validWidth : dx
            let scaledY = isBox ? dy * boxHeight * level.validHeight : dy
            let horizontal = Neighbours(
                multiplyAdd(x, level.validWidth, scaledX) - 0.5, length: level.width,
                last: level.columns &- 1)
            let vertical = Neighbours(
                multiplyAdd(y, level.validHeight, scaledY) - 0.5, length: level.height,
                last: level.lastRow)
            let above = level.start &+ vertical.first &* level.columns
            let below = level.start &+ vertical.second &* level.columns
            let upper = vertical.firstWeight * share
            let lower = vertical.secondWeight * share
            (taps + group).initialize(
                to: TapGroup(
                    offsets: (
                        (above &+ horizontal.first) &* stride,
                        (above &+ horizontal.second) &* stride,
                        (below &+ horizontal.first) &* stride,
                        (below &+ horizontal.second) &* stride
                    ),
                    weights: (
                        upper * horizontal.firstWeight, upper * horizontal.secondWeight,
                        lower * horizontal.firstWeight, lower * horizontal.secondWeight
                    )))
        }
        let factor = Float8(repeating: 1 / horizontalSum(sums))
        for group in 0..<groups {
            taps[group].weights.0 *= factor
            taps[group].weights.1 *= factor
            taps[group].weights.2 *= factor
            taps[group].weights.3 *= factor
        }
    }

    @inline(__always)
    private func logitGroup(_ logits: UnsafePointer<Float>, _ group: Int, _ count: Int) -> Float8 {
        let left = count &- group &* 8
        guard left < 8 else { return load(logits + group &* 8) }
        return loadPartial(logits + group &* 8, left, filler: -.infinity)
    }

    /// The offsets of eight points, x and y apart.
    @inline(__always)
    private func offsetGroup(
        _ offsets: UnsafePointer<Float>, _ group: Int, _ count: Int
    ) -> (x: Float8, y: Float8) {
        let left = count &- group &* 8
        let first = offsets + group &* 16
        if left >= 8 {
            let pairs = UnsafeRawPointer(first).loadUnaligned(as: SIMD16<Float>.self)
            return (pairs.evenHalf, pairs.oddHalf)
        }
        var x = Float8(repeating: 0)
        var y = x
        for lane in 0..<left {
            x[lane] = first[2 &* lane]
            y[lane] = first[2 &* lane &+ 1]
        }
        return (x, y)
    }
}

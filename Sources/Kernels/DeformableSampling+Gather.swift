extension DeformableSampling {
    /// Writes the sum of all taps' values for the channels of one head.
    @inline(__always)
    func gather(
        _ taps: UnsafePointer<TapGroup>, count: Int, from values: UnsafePointer<Float>,
        into result: UnsafeMutablePointer<Float>
    ) {
        var channel = 0
        while channel &+ 32 <= width {
            gather32(taps, count: count, from: values + channel, into: result + channel)
            channel &+= 32
        }
        while channel &+ 8 <= width {
            let sum = gather8(taps, count: count) { load(values + ($0 &+ channel)) }
            store(sum, result + channel)
            channel &+= 8
        }
        let left = width &- channel
        guard left > 0 else { return }
        let sum = gather8(taps, count: count) { loadPartial(values + ($0 &+ channel), left) }
        storePartial(sum, result + channel, left)
    }

    /// Four registers of channels at once, the width of a head in every published model.
    @inline(__always)
    private func gather32(
        _ taps: UnsafePointer<TapGroup>, count: Int, from values: UnsafePointer<Float>,
        into result: UnsafeMutablePointer<Float>
    ) {
        // Two chains of sums, of the pixels above and of those below: one would wait for itself.
        var upper = Sums32()
        var lower = Sums32()
        var point = 0
        while point < count {
            let tap = Tap(taps, point)
            upper.add(values + tap.offset(0), tap.weight(0))
            lower.add(values + tap.offset(2), tap.weight(2))
            upper.add(values + tap.offset(1), tap.weight(1))
            lower.add(values + tap.offset(3), tap.weight(3))
            point &+= 1
        }
        store(upper.a + lower.a, result)
        store(upper.b + lower.b, result + 8)
        store(upper.c + lower.c, result + 16)
        store(upper.d + lower.d, result + 24)
    }

    /// Eight channels or fewer: `load` reads them from where a tap lies.
    @inline(__always)
    private func gather8(
        _ taps: UnsafePointer<TapGroup>, count: Int, _ load: (Int) -> Float8
    ) -> Float8 {
        var sum = Float8(repeating: 0)
        for point in 0..<count {
            let tap = Tap(taps, point)
            for corner in 0..<4 {
                sum = multiplyAdd(
                    load(tap.offset(corner)), Float8(repeating: tap.weight(corner)), sum)
            }
        }
        return sum
    }
}

/// One point's lane of its group: the pixels are above left, above right, below left and below right.
private struct Tap {
    private let offsets: UnsafePointer<Int32>
    private let weights: UnsafePointer<Float>

    @inline(__always)
    init(_ taps: UnsafePointer<TapGroup>, _ point: Int) {
        let group = UnsafeRawPointer(taps + point / 8)
        offsets = group.assumingMemoryBound(to: Int32.self) + point % 8
        weights = (group + 128).assumingMemoryBound(to: Float.self) + point % 8
    }

    @inline(__always)
    func offset(_ corner: Int) -> Int { Int(offsets[8 &* corner]) }

    @inline(__always)
    func weight(_ corner: Int) -> Float { weights[8 &* corner] }
}

/// Four registers of sums.
private struct Sums32 {
    var a = Float8(repeating: 0)
    var b = Float8(repeating: 0)
    var c = Float8(repeating: 0)
    var d = Float8(repeating: 0)

    @inline(__always)
    mutating func add(_ values: UnsafePointer<Float>, _ weight: Float) {
        let weight = Float8(repeating: weight)
        a = multiplyAdd(load(values), weight, a)
        b = multiplyAdd(load(values + 8), weight, b)
        c = multiplyAdd(load(values + 16), weight, c)
        d = multiplyAdd(load(values + 24), weight, d)
    }
}

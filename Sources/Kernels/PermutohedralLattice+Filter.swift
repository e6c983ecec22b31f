extension PermutohedralLattice {
    /// Filters one value a point: `result = base + scale * filtered(values)`.
    ///
    /// - Parameters:
    ///   - values: `[points]`, or one everywhere where there is none.
    ///   - factors: `[points]`; values are multiplied by them before and after, where given.
    ///   - base: `[points]`, may be `result`; zero where there is none.
    ///   - result: `[points]`, may be `values`.
    package func filter(
        _ values: UnsafePointer<Float>?, factors: UnsafePointer<Float>?, scale: Float,
        adding base: UnsafePointer<Float>?, into result: UnsafeMutablePointer<Float>
    ) {
        // One more for the neighbour that is not there, whose value stays zero.
        let floats = (vertices + 16) / 16 * 16
        withScratch(floats: 2 * floats) { block in
            let (first, second) = (block, block + floats)
            first[vertices] = 0
            second[vertices] = 0
            splat(values, factors, into: first)
            for axis in 0...dimension {
                let isOdd = axis % 2 == 1
                blur(axis, isOdd ? second : first, into: isOdd ? first : second)
            }
            let alpha = 1 / (1 + Float(sign: .plus, exponent: -dimension, significand: 1))
            slice(
                dimension % 2 == 0 ? second : first, factors, scale: scale * alpha, adding: base,
                into: result)
        }
    }

    /// Every corner gathers from its points.
    private func splat(
        _ values: UnsafePointer<Float>?, _ factors: UnsafePointer<Float>?,
        into corners: UnsafeMutablePointer<Float>
    ) {
        members.withUnsafeBufferPointer { members in
            starts.withUnsafeBufferPointer { starts in
                ThreadPool.shared.runRanges(vertices, grain: 4096) { range in
                    var i = Int(starts[range.lowerBound])
                    for vertex in range {
                        let end = Int(starts[vertex &+ 1])
                        var sum: Float = 0
                        while i < end {
                            let member = members[i]
                            let point = Int(member.index)
                            var value = values?[point] ?? 1
                            if let factors { value *= factors[point] }
                            sum += member.weight * value
                            i &+= 1
                        }
                        corners[vertex] = sum
                    }
                }
            }
        }
    }

    /// Every corner adds half of its two neighbours along an axis.
    private func blur(
        _ axis: Int, _ corners: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
    ) {
        neighbours.withUnsafeBufferPointer { neighbours in
            guard let start = neighbours.baseAddress else { return }
            let pairs = start + axis &* vertices &* 2
            ThreadPool.shared.runRanges(vertices, grain: 8192) { range in
                for vertex in range {
                    let sum =
                        corners[Int(pairs[vertex &* 2])] + corners[Int(pairs[vertex &* 2 &+ 1])]
                    result[vertex] = corners[vertex] + 0.5 * sum
                }
            }
        }
    }

    /// Every point gathers from its corners.
    private func slice(
        _ values: UnsafePointer<Float>, _ factors: UnsafePointer<Float>?, scale: Float,
        adding base: UnsafePointer<Float>?, into result: UnsafeMutablePointer<Float>
    ) {
        let count = dimension + 1
        corners.withUnsafeBufferPointer { corners in
            guard let start = corners.baseAddress else { return }
            ThreadPool.shared.runRanges(points, grain: 8192) { range in
                for point in range {
                    let own = start + point &* count
                    var sum: Float = 0
                    for j in 0..<count { sum += own[j].weight * values[Int(own[j].index)] }
                    if let factors { sum *= factors[point] }
                    result[point] = (base?[point] ?? 0) + scale * sum
                }
            }
        }
    }
}

/// The gradients of a layer norm over the rows of `[rows, columns]`, split over the pool by runs of rows.
///
/// With `n = (x - mean) * factor` and `h = weight * gradient`, `dX = factor (h - mean(h) - n mean(h n))`.
package func parallelLayerNormGradients(
    rows: Int, columns: Int, _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>?,
    epsilon: Float, gradient: UnsafePointer<Float>, byX: UnsafeMutablePointer<Float>,
    byWeight: UnsafeMutablePointer<Float>, byBias: UnsafeMutablePointer<Float>
) {
    let run = max(1, min(accumulationRows, elementwiseGrain / columns))
    let runs = (rows + run - 1) / run
    withScratch(floats: 2 * runs * columns) { sums in
        ThreadPool.shared.run(runs) { task in
            let own = sums + 2 * task * columns
            own.update(repeating: 0, count: 2 * columns)
            for row in task * run..<min(rows, (task + 1) * run) {
                differentiateRow(
                    columns, x + row * columns, weight: weight, epsilon: epsilon,
                    gradient + row * columns, byX: byX + row * columns, byWeight: own,
                    byBias: own + columns)
            }
        }
        sumParts(runs, sums, stride: 2 * columns, count: columns, into: byWeight)
        sumParts(runs, sums + columns, stride: 2 * columns, count: columns, into: byBias)
    }
}

/// Writes the gradient by one row, adds its shares of the gradients by weight and bias.
private func differentiateRow(
    _ columns: Int, _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>?, epsilon: Float,
    _ gradient: UnsafePointer<Float>, byX: UnsafeMutablePointer<Float>,
    byWeight: UnsafeMutablePointer<Float>, byBias: UnsafeMutablePointer<Float>
) {
    let mean = sum(columns, x) / Float(columns)
    let variance = sumOfSquares(columns, x, around: mean) / Float(columns)
    let factor = 1 / (variance + epsilon).squareRoot()
    var (sums, products) = (Float8(repeating: 0), Float8(repeating: 0))
    var i = 0
    while i < columns {
        let left = columns &- i
        // Lanes beyond the end have a gradient of 0: what stands there does not count.
        let g = left >= 8 ? load(gradient + i) : loadPartial(gradient + i, left)
        let value = left >= 8 ? load(x + i) : loadPartial(x + i, left)
        let n = (value - Float8(repeating: mean)) * factor
        var h = g
        if let weight { h *= left >= 8 ? load(weight + i) : loadPartial(weight + i, left) }
        sums += h
        products = multiplyAdd(h, n, products)
        if left >= 8 {
            store(multiplyAdd(g, n, load(byWeight + i)), byWeight + i)
            store(load(byBias + i) + g, byBias + i)
        } else {
            storePartial(multiplyAdd(g, n, loadPartial(byWeight + i, left)), byWeight + i, left)
            storePartial(loadPartial(byBias + i, left) + g, byBias + i, left)
        }
        i &+= 8
    }
    let middle = Float8(repeating: horizontalSum(sums) / Float(columns))
    let slope = Float8(repeating: -horizontalSum(products) / Float(columns))
    i = 0
    while i < columns {
        let left = columns &- i
        let value = left >= 8 ? load(x + i) : loadPartial(x + i, left)
        let n = (value - Float8(repeating: mean)) * factor
        var h = left >= 8 ? load(gradient + i) : loadPartial(gradient + i, left)
        if let weight { h *= left >= 8 ? load(weight + i) : loadPartial(weight + i, left) }
        let result = multiplyAdd(n, slope, h - middle) * factor
        if left >= 8 { store(result, byX + i) } else { storePartial(result, byX + i, left) }
        i &+= 8
    }
}

/// `result[i] = sum of sums[part * stride + i]`, in double precision.
func sumParts(
    _ parts: Int, _ sums: UnsafePointer<Float>, stride: Int, count: Int,
    into result: UnsafeMutablePointer<Float>
) {
    for i in 0..<count {
        var total = 0.0
        for part in 0..<parts { total += Double(sums[part &* stride &+ i]) }
        result[i] = Float(total)
    }
}

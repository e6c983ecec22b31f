/// A perceptron over each pixel, `10 -> 8 -> 8 -> 1` with ReLU between, whose weights belong to one
/// instance: the pixel's offset from the instance and its eight features give a mask logit.
///
/// Lanes are the channels of a layer.
package struct DynamicMaskHead {
    /// The numbers of an instance: weights `[8, 10]`, `[8, 8]`, `[1, 8]`, then biases 8, 8, 1.
    package static let parameterCount = 169

    private var offsetX: Float8
    private var offsetY: Float8
    private var first: (Float8, Float8, Float8, Float8, Float8, Float8, Float8, Float8)
    private var second: (Float8, Float8, Float8, Float8, Float8, Float8, Float8, Float8)
    private let third: Float8
    private let firstBias: Float8
    private let secondBias: Float8
    private let thirdBias: Float

    package init(_ parameters: UnsafePointer<Float>) {
        func column(_ start: Int, _ index: Int, _ step: Int) -> Float8 {
            var lanes = Float8()
            for lane in 0..<8 { lanes[lane] = parameters[start + lane * step + index] }
            return lanes
        }
        func columns(_ start: Int, _ from: Int, _ step: Int) -> (
            Float8, Float8, Float8, Float8, Float8, Float8, Float8, Float8
        ) {
            (
                column(start, from, step), column(start, from + 1, step),
                column(start, from + 2, step), column(start, from + 3, step),
                column(start, from + 4, step), column(start, from + 5, step),
                column(start, from + 6, step), column(start, from + 7, step)
            )
        }
        offsetX = column(0, 0, 10)
        offsetY = column(0, 1, 10)
        first = columns(0, 2, 10)
        second = columns(80, 0, 8)
        third = load(parameters + 144)
        firstBias = load(parameters + 152)
        secondBias = load(parameters + 160)
        thirdBias = parameters[168]
    }

    /// The logits of a map of `features`, `[height, width, 8]`, whose pixels lie `stride` apart.
    ///
    /// - Parameters:
    ///   - referenceX: where the instance lies, in the units of `stride`; a pixel lies at its centre.
    ///   - logits: `[height, width]`.
    package func callAsFunction(
        _ features: UnsafePointer<Float>, height: Int, width: Int, stride: Int,
        referenceX: Float, referenceY: Float, into logits: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<height {
            let y = referenceY - Float(row * stride + stride / 2)
            let start = multiplyAdd(offsetY, Float8(repeating: y), firstBias)
            for column in 0..<width {
                let pixel = row * width + column
                let x = referenceX - Float(column * stride + stride / 2)
                var hidden = multiplyAdd(offsetX, Float8(repeating: x), start)
                hidden = Self.product(first, load(features + pixel * 8), hidden)
                hidden = Self.product(second, hidden, secondBias)
                logits[pixel] = (third * hidden).sum() + thirdBias
            }
        }
    }

    /// `relu(matrix x + start)`, the matrix by columns.
    @inline(__always)
    private static func product(
        _ columns: (Float8, Float8, Float8, Float8, Float8, Float8, Float8, Float8), _ x: Float8,
        _ start: Float8
    ) -> Float8 {
        @inline(__always) func lane(_ index: Int) -> Float8 { Float8(repeating: x[index]) }
        let even = multiplyAdd(
            columns.6, lane(6),
            multiplyAdd(
                columns.4, lane(4),
                multiplyAdd(columns.2, lane(2), multiplyAdd(columns.0, lane(0), start))))
        let odd = multiplyAdd(
            columns.7, lane(7),
            multiplyAdd(
                columns.5, lane(5), multiplyAdd(columns.3, lane(3), columns.1 * lane(1))))
        return maximum(even + odd, Float8())
    }
}

import Tensor

extension Naive {
    /// Bilinear interpolation of `[frames, height, width, channels]` in double precision: pixel centres at
    /// half-integers, held at the edges.
    public static func resizedBilinear(
        _ x: Tensor<Float>, height: Int, width: Int
    ) -> Tensor<Float> {
        let (values, shape) = (x.scalars, [x.shape[0], height, width, x.shape[3]])
        func neighbours(_ index: Int, _ output: Int, _ input: Int) -> [(at: Int, share: Double)] {
            let centre = (Double(index) + 0.5) * Double(input) / Double(output) - 0.5
            let position = min(max(0, centre), Double(input - 1))
            let first = Int(position)
            let share = position - Double(first)
            return [(first, 1 - share), (min(first + 1, input - 1), share)]
        }
        let results = indices(of: shape).map { index in
            var sum = 0.0
            for row in neighbours(index[1], height, x.shape[1]) {
                for column in neighbours(index[2], width, x.shape[2]) {
                    let pixel = (index[0] * x.shape[1] + row.at) * x.shape[2] + column.at
                    sum += row.share * column.share * Double(values[pixel * x.shape[3] + index[3]])
                }
            }
            return Float(sum)
        }
        return Tensor(results, shape: shape)
    }
}

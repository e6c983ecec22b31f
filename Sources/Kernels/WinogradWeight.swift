/// The weight of a 3x3 convolution with stride 1, transformed for Winograd's minimal filtering F(2x2, 3x3)
/// (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016): 16 products where the
/// direct way has 36. Kernels of several frames sum the transformed products over their frames.
package final class WinogradWeight: Sendable {
    /// Points of a transformed 4x4 patch.
    package static let points = 16

    package let frames: Int
    package let channels: Int
    package let outputs: Int
    /// One packed matrix a point: inner index over frames, then channels.
    let planes: [PackedPanels]

    /// Transforms a dense weight `[outputs, channels, frames, 3, 3]`.
    package init(_ weight: UnsafeBufferPointer<Float>, outputs: Int, channels: Int, frames: Int) {
        self.outputs = outputs
        self.channels = channels
        self.frames = frames
        let inner = frames * channels
        let planeSize = outputs * inner
        planes = withScratch(floats: Self.points * planeSize) { transformed in
            ThreadPool.shared.run(outputs) { output in
                guard let weight = weight.baseAddress else { return }
                for channel in 0..<channels {
                    for frame in 0..<frames {
                        transformKernel(
                            weight + ((output &* channels &+ channel) &* frames &+ frame) &* 9,
                            into: transformed + (output &* inner &+ frame &* channels &+ channel),
                            planeSize: planeSize)
                    }
                }
            }
            return (0..<Self.points).map { point in
                PackedPanels(
                    weight: transformed + point * planeSize, columns: outputs, inner: inner,
                    columnStride: inner, innerStride: 1)
            }
        }
    }
}

/// Writes `G g transpose(G)` of one 3x3 kernel, a point a plane.
private func transformKernel(
    _ g: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, planeSize: Int
) {
    /// `G` times a column or row of three.
    func expanded(_ a: Float, _ b: Float, _ c: Float) -> (Float, Float, Float, Float) {
        (a, 0.5 * (a + c + b), 0.5 * (a + c - b), c)
    }
    let left = expanded(g[0], g[3], g[6])
    let middle = expanded(g[1], g[4], g[7])
    let right = expanded(g[2], g[5], g[8])
    func write(_ row: Int, _ a: Float, _ b: Float, _ c: Float) {
        let values = expanded(a, b, c)
        target[4 &* row &* planeSize] = values.0
        target[(4 &* row &+ 1) &* planeSize] = values.1
        target[(4 &* row &+ 2) &* planeSize] = values.2
        target[(4 &* row &+ 3) &* planeSize] = values.3
    }
    write(0, left.0, middle.0, right.0)
    write(1, left.1, middle.1, right.1)
    write(2, left.2, middle.2, right.2)
    write(3, left.3, middle.3, right.3)
}

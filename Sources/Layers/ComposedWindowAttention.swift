import Checkpoints
import Kernels
import Tensor

/// The attention half of a Swin block as a sequence of operations that have gradients: what ``WindowAttention``
/// is in one pass.
///
/// Its memory grows with the number of windows times the square of their tokens, for each head.
struct ComposedWindowAttention: Sendable {
    private let norm: LayerNorm
    private let queryKeyValue: Linear
    private let projection: Linear
    /// `[entries, heads]`.
    private let biasTable: Tensor<Float>
    private let channels: Int
    private let window: WindowSize

    /// Loads `qkv` and `proj` from `weights`.
    init(
        _ weights: WeightScope, norm: WeightScope, biasTable: Tensor<Float>, channels: Int,
        window: WindowSize, epsilon: Float
    ) throws {
        self.norm = try LayerNorm(norm, channels: channels, epsilon: epsilon)
        queryKeyValue = try Linear(weights["qkv"], inputs: channels, outputs: 3 * channels)
        projection = try Linear(weights["proj"], inputs: channels, outputs: channels)
        self.biasTable = biasTable
        self.channels = channels
        self.window = window
    }

    /// `stream`, `[frames, height, width, channels]`, plus the attention within the windows of `grid`.
    func callAsFunction(_ stream: Tensor<Float>, grid: WindowGrid) -> Tensor<Float> {
        let rows = rows(of: grid)
        // Each row of the stream stands in one window.
        var places = [Int](repeating: 0, count: stream.count / channels)
        for (place, row) in rows.enumerated() where row < places.count { places[row] = place }
        let attended = attended(stream, grid, rows).reshaped([-1, channels])
        return stream + takeRows(attended, places).reshaped(stream.shape)
    }

    /// The projected attention, `[windows, tokens, channels]`, padding included.
    func attendedWindows(of stream: Tensor<Float>, grid: WindowGrid) -> Tensor<Float> {
        attended(stream, grid, rows(of: grid))
    }

    /// The same, where the row of the stream of each token is known: see `rows(of:)`.
    private func attended(
        _ stream: Tensor<Float>, _ grid: WindowGrid, _ rows: [Int]
    ) -> Tensor<Float> {
        let (windows, tokens, heads) = (grid.windows, grid.tokens, biasTable.shape[1])
        let width = channels / heads
        // Padding is zero after the norm.
        let normed = norm(stream).reshaped([-1, channels])
        let known = concatenated([normed, Tensor(repeating: 0, shape: [1, channels])], axis: 0)
        let parts = queryKeyValue(takeRows(known, rows))
            .reshaped(windows, tokens, 3, heads, width).transposed(2, 0, 3, 1, 4)
        let scores =
            matmul(parts[0] * (1 / Float(width).squareRoot()), parts[1].transposed(0, 1, 3, 2))
            + bias(tokens)
        let masked = grid.shift == .zero ? scores : scores + mask(grid)
        let attended = matmul(softmax(masked, axis: 3), parts[2])
        return projection(attended.transposed(0, 2, 1, 3).reshaped(windows, tokens, channels))
    }

    /// The row of the stream of each token of all windows; one past the last for padding.
    private func rows(of grid: WindowGrid) -> [Int] {
        let padding = grid.extent.x * grid.extent.y * grid.extent.z
        var found = [Int32](repeating: 0, count: grid.tokens)
        return (0..<grid.windows).flatMap { window in
            found.withUnsafeMutableBufferPointer { buffer in
                if let start = buffer.baseAddress { grid.fillRows(ofWindow: window, into: start) }
            }
            return found.map { $0 < 0 ? padding : Int($0) }
        }
    }

    /// `[heads, tokens, tokens]`.
    private func bias(_ tokens: Int) -> Tensor<Float> {
        let entries = relativePositionEntries(fullWindow: window.vector, tokens: tokens)
        return takeRows(biasTable, entries).reshaped(tokens, tokens, biasTable.shape[1])
            .transposed(2, 0, 1)
    }

    /// `[windows, 1, tokens, tokens]`.
    private func mask(_ grid: WindowGrid) -> Tensor<Float> {
        WindowAttention.shiftMask(of: grid).expandedDimensions(axis: 1)
    }
}

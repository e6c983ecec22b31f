import Checkpoints
import Kernels
import Tensor

/// The attention half of a Swin block, in place: `x += projection(attention(norm(x)))` within
/// windows of frames, height and width, with a relative position bias.
///
/// Liu et al., "Swin Transformer" (2021), section 3.2, and "Video Swin Transformer" (2022), section 3;
/// `swin_transformer_3d.py` of MED-VT. The map is never padded, rolled or partitioned: each window gathers
/// its own rows. Where the weights are parameters whose gradient somebody wants, ``ComposedWindowAttention``
/// computes the same.
public struct WindowAttention: Sendable {
    /// The window on maps that are at least as large.
    public let window: WindowSize
    /// What becomes of windows on other maps.
    public let fit: WindowFit

    private enum Form {
        case fused(WindowAttentionWeights, biasTable: FloatVector)
        case composed(ComposedWindowAttention)
    }

    private let channels: Int
    private let form: Form

    /// Loads `qkv`, `proj` and `relative_position_bias_table` from `weights`, and the norm before them.
    ///
    /// `relative_position_index` follows from the window and is ignored. Over images, with a window of one
    /// frame, the table has the same rows as that of a two-dimensional window.
    public init(
        _ weights: WeightScope, norm: WeightScope, channels: Int, heads: Int, window: WindowSize,
        fit: WindowFit = .shrinking, epsilon: Float = 1e-5
    ) throws {
        precondition(
            heads > 0 && channels % heads == 0,
            "WindowAttention: \(channels) channels do not divide into \(heads) heads")
        self.window = window
        self.fit = fit
        self.channels = channels
        weights.ignore("relative_position_index")
        let span = window.vector &* 2 &- 1
        let table = try weights.tensor(
            "relative_position_bias_table", shape: [span.x * span.y * span.z, heads])
        guard !table.isTraced else {
            form = .composed(
                try ComposedWindowAttention(
                    weights, norm: norm, biasTable: table, channels: channels, window: window,
                    epsilon: epsilon))
            return
        }

        // Query, key and value of a head side by side, so that one product makes all three.
        let width = channels / heads
        let matrix = try weights.tensor("qkv.weight", shape: [3 * channels, channels])
            .reshaped(3, heads, width, channels).transposed(1, 0, 2, 3)
        let bias = try weights.tensor("qkv.bias", shape: [3 * channels])
            .reshaped(3, heads, width).transposed(1, 0, 2)
        form = .fused(
            WindowAttentionWeights(
                channels: channels, heads: heads,
                norm: try NormVectors(norm, channels: channels, epsilon: epsilon),
                queryKeyValue: (0..<heads).map { head in
                    matrix[head].withUnsafeBuffer { PackedPanels($0, channels) }
                },
                queryKeyValueBias: bias.withUnsafeBuffer { FloatVector($0) },
                projection: try weights.panels("proj.weight", outputs: channels, inputs: channels),
                projectionBias: try weights.vector("proj.bias", count: channels)),
            biasTable: table.transposed(1, 0).withUnsafeBuffer { FloatVector($0) })
    }

    /// Attends within each window of `stream`, `[frames, height, width, channels]`, and adds the result.
    ///
    /// - Parameter shifted: whether windows move by half their size, as they do in every second block;
    ///   those that shrink, only along the axes that are longer than they are.
    public func callAsFunction(_ stream: inout Tensor<Float>, shifted: Bool) {
        let grid = grid(of: stream, shifted: shifted)
        switch form {
        case .composed(let attention):
            stream = attention(stream, grid: grid)
        case .fused(let weights, let biasTable):
            run(&stream, grid: grid, weights, biasTable, attended: nil)
        }
    }

    /// The projected attention of each window before it is added, `[windows, tokens, channels]`; padding
    /// tokens are included.
    package func attendedWindows(of stream: Tensor<Float>, shifted: Bool) -> Tensor<Float> {
        let grid = grid(of: stream, shifted: shifted)
        switch form {
        case .composed(let attention):
            return attention.attendedWindows(of: stream, grid: grid)
        case .fused(let weights, let biasTable):
            var copy = stream
            return Tensor(shape: [grid.windows, grid.tokens, channels]) { attended in
                run(&copy, grid: grid, weights, biasTable, attended: attended.baseAddress)
            }
        }
    }

    private func grid(of stream: Tensor<Float>, shifted: Bool) -> WindowGrid {
        let shape = stream.shape
        precondition(
            shape.count == 4 && shape[3] == channels && stream.count > 0,
            "WindowAttention: \(shape) is not [frames, height, width, \(channels)]")
        let extent = SIMD3(shape[0], shape[1], shape[2])
        switch fit {
        case .shrinking:
            return WindowGrid(extent: extent, fullWindow: window.vector, shifted: shifted)
        case .padding:
            return WindowGrid(
                extent: extent, window: window.vector,
                shift: shifted ? window.vector / 2 : SIMD3(repeating: 0))
        }
    }

    private func run(
        _ stream: inout Tensor<Float>, grid: WindowGrid, _ weights: WindowAttentionWeights,
        _ biasTable: FloatVector, attended: UnsafeMutablePointer<Float>?
    ) {
        // Rows of whole panels, as the product of the weights with the values reads them.
        let stride =
            (grid.tokens + PackedPanels.width - 1) / PackedPanels.width * PackedPanels.width
        let bias = Tensor<Float>(shape: [weights.heads, grid.tokens, stride]) { bias in
            guard let start = bias.baseAddress else { return }
            expandRelativePositionBias(
                biasTable.values, heads: weights.heads, fullWindow: window.vector,
                tokens: grid.tokens, stride: stride, into: start)
        }
        bias.withUnsafeBuffer { bias in
            stream.withUnsafeMutableBuffer { stream in
                guard let bias = bias.baseAddress, let stream = stream.baseAddress else { return }
                attendWindows(
                    of: stream, grid: grid, weights,
                    bias: PositionBias(values: bias, stride: stride), attended: attended)
            }
        }
    }
}

extension WindowAttention {
    /// What is added to the scores of a shifted block: -100 between tokens of a window that lay apart
    /// before the shift, else 0.
    ///
    /// - Parameters:
    ///   - extent: the padded map, whole windows along each axis.
    ///   - window: the window in use.
    /// - Returns: `[windows, tokens, tokens]`.
    package static func shiftMask(
        extent: WindowSize, window: WindowSize, shift: WindowSize
    ) -> Tensor<Float> {
        shiftMask(
            of: WindowGrid(extent: extent.vector, window: window.vector, shift: shift.vector))
    }

    /// The same for the windows of `grid`.
    static func shiftMask(of grid: WindowGrid) -> Tensor<Float> {
        let tokens = grid.tokens
        return Tensor(shape: [grid.windows, tokens, tokens]) { mask in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: tokens) { regions in
                guard let start = regions.baseAddress else { return }
                for index in 0..<grid.windows {
                    grid.fillRegions(ofKind: grid.kind(ofWindow: index), into: start)
                    for query in 0..<tokens {
                        for key in 0..<tokens {
                            mask[(index * tokens + query) * tokens + key] =
                                start[query] == start[key] ? 0 : -100
                        }
                    }
                }
            }
        }
    }
}

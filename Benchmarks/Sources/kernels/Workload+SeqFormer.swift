import Tensor

extension Workload {
    /// The kernels of SeqFormer on a clip of 5 frames of 640x360.
    static var seqFormer: [Workload] {
        [
            product("seqformer-encoder-projection", rows: 5 * 4820, inputs: 256, outputs: 256),
            product("seqformer-encoder-ffn-1", rows: 5 * 4820, inputs: 256, outputs: 1024),
            product("seqformer-encoder-ffn-2", rows: 5 * 4820, inputs: 1024, outputs: 256),
            samplingWorkload("seqformer-encoder-sampling", queries: 4820),
            samplingWorkload("seqformer-decoder-sampling", queries: 300),
            groupedConvolution("resnext101-stage1-grouped-3x3", 90, 160, width: 8),
            groupedConvolution("resnext101-stage2-grouped-3x3", 45, 80, width: 16),
            groupedConvolution("resnext101-stage3-grouped-3x3", 23, 40, width: 32),
            groupedConvolution("resnext101-stage4-grouped-3x3", 12, 20, width: 64),
            groupedConvolution("resnext101-stage2-grouped-stride2", 90, 160, width: 16, stride: 2),
        ]
    }

    /// 32 groups of `width` channels.
    private static func groupedConvolution(
        _ name: String, _ height: Int, _ width: Int, width channels: Int, stride: Int = 1
    ) -> Workload {
        let pixels = 5 * ((height - 1) / stride + 1) * ((width - 1) / stride + 1)
        return Workload(name, .operations(2 * Double(pixels * 9 * 32 * channels * channels))) {
            let x = Tensor.noise([5, height, width, 32 * channels])
            let weight = PackedConvolution(
                .noise([32 * channels, channels, 3, 3]), groups: 32, onlyStride1: stride == 1)
            return { _ = conv2d(x, weight, stride: stride, padding: 1) }
        }
    }

    /// 8 heads of 32 channels, 4 points on each of 4 levels, offsets of a few pixels. A token's reference
    /// is its own place, as in the encoder.
    private static func samplingWorkload(_ name: String, queries: Int) -> Workload {
        let levels = [(45, 80), (23, 40), (12, 20), (6, 10)].map {
            MapSize(height: $0, width: $1)
        }
        let samples = 5 * queries * 8 * 16
        return Workload(name, .operations(2 * Double(samples * 4 * 32))) {
            let places: [Float] = levels.flatMap { level in
                (0..<level.count).flatMap { token -> [Float] in
                    let column = Float(token % level.width) + 0.5
                    let row = Float(token / level.width) + 0.5
                    return [column / Float(level.width), row / Float(level.height)]
                }
            }
            let references = Tensor(places, shape: [4820, 2])[0..<queries]
            let values = Tensor.noise([5, 4820, 8, 32])
            let offsets = Tensor.noise([5, queries, 256]) * 4
            let logits = Tensor.noise([5, queries, 128])
            return {
                _ = deformableSampling(
                    values: values, levels: levels, offsets: offsets, logits: logits,
                    references: references)
            }
        }
    }
}

extension Workload {
    /// SeqFormer with ResNet-50, ResNeXt-101 and Swin-L: 5 frames of 640x360.
    static let seqFormer: [Workload] = [
        convolution("resnet50-conv3x3-stage2", [5, 45, 80], 128, 128, kernel: 3),
        convolution(
            "resnet50-conv3x3-stage3-stride2", [5, 45, 80], 256, 256, kernel: 3, stride: 2),
        convolution("resnet50-conv3x3-stage4", [5, 12, 20], 512, 512, kernel: 3),
        convolution(
            "resnet50-conv1x1-stage2-shortcut", [5, 90, 160], 256, 512, kernel: 1, stride: 2),
        grouped("resnext101-stage1-grouped-3x3", 90, 160, width: 8),
        grouped("resnext101-stage2-grouped-3x3", 45, 80, width: 16),
        grouped("resnext101-stage3-grouped-3x3", 23, 40, width: 32),
        grouped("resnext101-stage4-grouped-3x3", 12, 20, width: 64),
        grouped("resnext101-stage2-grouped-stride2", 90, 160, width: 16, stride: 2),
        Workload(
            "swinl-stage3-window-attention",
            SwinAttention(
                [5, 23, 40], channels: 768, heads: 24, window: [1, 12, 12], shifted: true,
                pads: true)),

        Workload(
            "seqformer-encoder-projection",
            LinearLayer(rows: 5 * 4820, inputs: 256, outputs: 256)),
        Workload("seqformer-encoder-ffn1", LinearLayer(rows: 5 * 4820, inputs: 256, outputs: 1024)),
        Workload("seqformer-encoder-ffn2", LinearLayer(rows: 5 * 4820, inputs: 1024, outputs: 256)),
        Workload("seqformer-msda-encoder", DeformableSampling(frames: 5, levels: levels)),
        Workload(
            "seqformer-msda-decoder",
            DeformableSampling(frames: 5, levels: levels, queries: 300)),
        Workload(
            "seqformer-decoder-attention",
            Attention(batch: 5, queries: 300, keys: 300, heads: 8, width: 32)),
        Workload("matmul-1024", MatrixProduct(rows: 1024, inner: 1024, columns: 1024)),
    ]

    private static let levels = [[45, 80], [23, 40], [12, 20], [6, 10]]

    /// 32 groups of `width` channels.
    private static func grouped(
        _ name: String, _ height: Int, _ width: Int, width channels: Int, stride: Int = 1
    ) -> Workload {
        Workload(
            name,
            Convolution(
                size: [5, height, width], inputs: 32 * channels, outputs: 32 * channels, kernel: 3,
                stride: stride, groups: 32))
    }
}

extension Workload {
    /// MED-VT with Video Swin-B and with ResNet-101: 6 frames of 841x473, what it makes of 854x480.
    static let medVT: [Workload] = [
        Workload("swinb-stage1-qkv", LinearLayer(rows: 150_654, inputs: 128, outputs: 384)),
        Workload("swinb-stage3-mlp-fc1", LinearLayer(rows: 9540, inputs: 512, outputs: 2048)),
        Workload("swinb-stage3-mlp-fc2", LinearLayer(rows: 9540, inputs: 2048, outputs: 512)),
        Workload("swinb-stage1-mlp", SwinFeedForward(rows: 150_654, channels: 128)),
        Workload("swinb-stage3-mlp", SwinFeedForward(rows: 9540, channels: 512)),
        window("swinb-stage1-window-attention", 119, 211, channels: 128),
        window("swinb-stage2-window-attention", 60, 106, channels: 256),
        window("swinb-stage3-window-attention", 30, 53, channels: 512),
        window("swinb-stage3-window-attention-shifted", 30, 53, channels: 512, shifted: true),
        window("swinb-stage4-window-attention", 15, 27, channels: 1024),
        Workload("swinb-stage1-layer-norm", Pass(.layerNorm, [150_654, 128])),
        Workload("swinb-stage1-residual", Pass(.sum, [150_654, 128])),
        Workload("swinb-stage3-gelu", Pass(.gelu, [9540, 2048])),

        convolution("resnet101-stem-7x7", [6, 473, 841], 3, 64, kernel: 7, stride: 2),
        Workload("resnet101-max-pool", Pass(.maxPool, [6, 237, 421, 64])),
        convolution("resnet101-conv1x1-stage1-expand", [6, 119, 211], 64, 256, kernel: 1),
        convolution("resnet101-conv3x3-stage1", [6, 119, 211], 64, 64, kernel: 3),
        convolution("resnet101-conv3x3-stage3", [6, 30, 53], 256, 256, kernel: 3),
        convolution("resnet101-conv1x1-stage3-reduce", [6, 30, 53], 1024, 256, kernel: 1),

        Workload(
            "medvt-encoder-projection", LinearLayer(rows: 9540, inputs: 384, outputs: 384)),
        Workload(
            "medvt-encoder-attention-9540",
            Attention(queries: 9540, keys: 9540, heads: 8, width: 48)),
        Workload(
            "medvt-encoder-attention-padded",
            Attention(queries: 9540, keys: 9540, heads: 8, width: 48, padding: 1590)),
        Workload(
            "medvt-cross-resolution-attention",
            Attention(queries: 9540, keys: 9540, heads: 1, width: 384)),
        Workload(
            "medvt-query-decoder-attention",
            Attention(queries: 6, keys: 38_160, heads: 8, width: 48)),
        convolution("medvt-pixel-decoder-3x3", [6, 60, 106], 384, 384, kernel: 3),
        Workload(
            "medvt-pixel-decoder-deformable",
            DeformableConvolution(size: [6, 60, 106], channels: 384)),
        Workload("medvt-pixel-decoder-upsampling", Pass(.upsampling, [6, 30, 53, 384])),
        Workload(
            "medvt-head-3x3x3-dilation2",
            Convolution(
                size: [6, 60, 106], inputs: 384, outputs: 256, kernel: 3, dilation: 2,
                isOverFrames: true)),
        Workload("medvt-head-group-norm", Pass(.groupNorm, [6, 60, 106, 384])),
        Workload(
            "medvt-label-propagation-features",
            Propagation(frames: 6, frame: 1590, keyWidth: 128, valueWidth: 392, isMutual: true)),
        Workload(
            "medvt-label-propagation-labels",
            Propagation(frames: 6, frame: 1590, keyWidth: 128, valueWidth: 16, isMutual: false)),
        Workload("medvt-label-propagation-softmax", Pass(.softmax, [1590, 7950])),
    ]

    private static func window(
        _ name: String, _ height: Int, _ width: Int, channels: Int, shifted: Bool = false
    ) -> Workload {
        Workload(
            name,
            SwinAttention(
                [6, height, width], channels: channels, heads: channels / 32,
                window: [8, 7, 7], shifted: shifted))
    }
}

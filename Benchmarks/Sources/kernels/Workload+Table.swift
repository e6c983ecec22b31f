import Tensor

extension Workload {
    /// All workloads. Frames are 6, and sizes those of a 854x480 video at the size of the paper (841x473).
    static var table: [Workload] {
        products + convolutions + attentions + passes + seqFormer + training
    }

    private static var products: [Workload] {
        [
            product("swinb-stage2-mlp-fc1", rows: 9540, inputs: 512, outputs: 2048),
            product("swinb-stage2-mlp-fc2", rows: 9540, inputs: 2048, outputs: 512),
            product("swinb-stage0-qkv", rows: 150_654, inputs: 128, outputs: 384),
            product("medvt-encoder-projection", rows: 9540, inputs: 384, outputs: 384),
            Workload("matmul-1024", .operations(2 * 1024 * 1024 * 1024)) {
                let a = Tensor.noise([1024, 1024])
                let b = Tensor.noise([1024, 1024])
                return { _ = matmul(a, b) }
            },
        ]
    }

    private static var convolutions: [Workload] {
        [
            convolution("resnet101-stem-7x7", 473, 841, 3, 64, kernel: 7, stride: 2, padding: 3),
            convolution("resnet101-stage1-3x3", 119, 211, 64, 64, kernel: 3, padding: 1),
            convolution("resnet101-stage3-3x3", 30, 53, 256, 256, kernel: 3, padding: 1),
            convolution("medvt-pixel-decoder-3x3", 60, 106, 384, 384, kernel: 3, padding: 1),
            Workload(
                "medvt-head-3x3x3-dilation2", .operations(2 * 6 * 60 * 106 * 27 * 384 * 256)
            ) {
                let x = Tensor.noise([6, 60, 106, 384])
                let weight = PackedConvolution(.noise([256, 384, 3, 3, 3]), onlyStride1: true)
                return { _ = conv3d(x, weight, padding: (2, 2, 2), dilation: 2) }
            },
            Workload(
                "medvt-pixel-decoder-deformable", .operations(2 * 6 * 60 * 106 * 9 * 384 * 384)
            ) {
                let x = Tensor.noise([6, 60, 106, 384])
                let offsets = Tensor.noise([6, 60, 106, 18]) * 2
                let weight = PackedConvolution(.noise([384, 384, 3, 3]))
                return { _ = deformConv2d(x, offsets: offsets, weight, padding: 1) }
            },
        ]
    }

    private static var attentions: [Workload] {
        [
            selfAttention("medvt-encoder-attention-9540", tokens: 9540, heads: 8, width: 48),
            selfAttention("medvt-cross-resolution-attention", tokens: 9540, heads: 1, width: 384),
            selfAttention(
                "medvt-label-propagation-9540", tokens: 9540, heads: 1, width: 392, frame: 1590),
        ]
    }

    private static var passes: [Workload] {
        [
            pass("layer-norm-stage0", [150_654, 128]) { x in
                { _ = layerNorm(x, weight: nil, bias: nil) }
            },
            pass("group-norm-head", [1, 6, 60, 106, 384]) { x in
                { _ = groupNorm(x, groups: 4, weight: nil, bias: nil) }
            },
            pass("softmax-9540x392", [9540, 392]) { x in { _ = softmax(x, axis: 1) } },
            pass("gelu-9540x2048", [9540, 2048]) { x in { _ = gelu(x) } },
            pass("add-stage0", [150_654, 128]) { x in { _ = x + x } },
            Workload("medvt-upsample-bilinear-2x", .bytes(4 * 6 * 384 * (30 * 53 + 60 * 106))) {
                let x = Tensor.noise([6, 30, 53, 384])
                return { _ = resizedBilinear(x, height: 60, width: 106) }
            },
        ]
    }

    static func product(
        _ name: String, rows: Int, inputs: Int, outputs: Int
    ) -> Workload {
        Workload(name, .operations(2 * Double(rows * inputs * outputs))) {
            let x = Tensor.noise([rows, inputs])
            let weight = PackedMatrix(.noise([outputs, inputs]))
            return { _ = linear(x, weight) }
        }
    }

    private static func convolution(
        _ name: String, _ height: Int, _ width: Int, _ inputs: Int, _ outputs: Int, kernel: Int,
        stride: Int = 1, padding: Int
    ) -> Workload {
        let pixels = 6 * ((height - 1) / stride + 1) * ((width - 1) / stride + 1)
        let operations = 2 * Double(pixels * kernel * kernel * inputs * outputs)
        return Workload(name, .operations(operations)) {
            let x = Tensor.noise([6, height, width, inputs])
            let weight = PackedConvolution(
                .noise([outputs, inputs, kernel, kernel]), onlyStride1: stride == 1)
            return { _ = conv2d(x, weight, stride: stride, padding: padding) }
        }
    }

    private static func selfAttention(
        _ name: String, tokens: Int, heads: Int, width: Int, frame: Int? = nil
    ) -> Workload {
        let keys = tokens - (frame ?? 0)
        return Workload(name, .operations(4 * Double(tokens * keys * heads * width))) {
            let x = Tensor.noise([tokens, heads * width])
            return {
                _ = attention(
                    queries: x, keys: x, values: x, heads: heads,
                    scale: 1 / Float(width).squareRoot(), excludingOwnGroupOf: frame)
            }
        }
    }

    /// An operation that reads its operand once and writes a result of the same size.
    private static func pass(
        _ name: String, _ shape: [Int], _ operation: @escaping (Tensor<Float>) -> () -> Void
    ) -> Workload {
        Workload(name, .bytes(8 * Double(shape.reduce(1, *)))) { operation(.noise(shape)) }
    }
}

extension Workload {
    /// MED-VT Lite: 4 frames of 384x224, the clips that it is trained on.
    static let lite: [Workload] = [
        Workload("lite-stem-3x3", stem),
        Workload("lite-expand-1x1", expand),
        Workload("lite-project-1x1", project),
        Workload("lite-depthwise-3x3", depthwise(56, 96, 144)),
        Workload("lite-depthwise-3x3-stride2", depthwise(112, 192, 96, stride: 2)),
        Workload("lite-depthwise-5x5", depthwise(14, 24, 672, kernel: 5)),
        Workload("lite-head-3x3", head),
        Workload("lite-head-3x3x3-dilation2", headOverFrames),
        Workload("lite-deformable", deformable),
    ]

    /// The way back through the same layers.
    static let liteTraining: [Workload] = [
        Workload("lite-stem-3x3-backward", ConvolutionGradient(of: stem, isOfImage: true)),
        Workload("lite-expand-1x1-backward", ConvolutionGradient(of: expand)),
        Workload("lite-project-1x1-backward", ConvolutionGradient(of: project)),
        Workload("lite-depthwise-3x3-backward", ConvolutionGradient(of: depthwise(56, 96, 144))),
        Workload(
            "lite-depthwise-3x3-stride2-backward",
            ConvolutionGradient(of: depthwise(112, 192, 96, stride: 2))),
        Workload(
            "lite-depthwise-5x5-backward",
            ConvolutionGradient(of: depthwise(14, 24, 672, kernel: 5))),
        Workload("lite-head-3x3-backward", ConvolutionGradient(of: head)),
        Workload(
            "lite-head-3x3x3-dilation2-backward", ConvolutionGradient(of: headOverFrames)),
        Workload("lite-deformable-backward", DeformableConvolutionGradient(of: deformable)),
    ]

    private static let stem = Convolution(
        size: [4, 224, 384], inputs: 3, outputs: 32, kernel: 3, stride: 2)
    private static let expand = Convolution(
        size: [4, 112, 192], inputs: 16, outputs: 96, kernel: 1)
    private static let project = Convolution(
        size: [4, 14, 24], inputs: 672, outputs: 112, kernel: 1)
    private static let head = Convolution(size: [4, 56, 96], inputs: 100, outputs: 64, kernel: 3)
    private static let headOverFrames = Convolution(
        size: [4, 56, 96], inputs: 64, outputs: 48, kernel: 3, dilation: 2, isOverFrames: true)
    private static let deformable = DeformableConvolution(size: [4, 56, 96], channels: 96)

    private static func depthwise(
        _ height: Int, _ width: Int, _ channels: Int, kernel: Int = 3, stride: Int = 1
    ) -> Convolution {
        Convolution(
            size: [4, height, width], inputs: channels, outputs: channels, kernel: kernel,
            stride: stride, groups: channels)
    }
}

import Checkpoints
import Layers
import Tensor

/// A residual network (He et al., 2016) as a backbone of four levels at strides 4, 8, 16 and 32.
///
/// torchvision's `resnet50`, `resnet101` and `resnext101_32x8d` without their classifier; batch norms use
/// the statistics of the checkpoint. Frames do not see each other: one at a time gives what all at once do.
public struct ResNet: FrameBackbone {
    /// The network's shape.
    public let configuration: ResNetConfiguration

    private let stem: ResNetStem
    private let stages: [[ResNetBottleneck]]

    /// Loads `conv1`, `bn1` and `layer1` ... `layer4`; a classifier `fc` is ignored.
    ///
    /// The names are torchvision's (`layer1.0.downsample.1.running_var`); those of other code bases are the
    /// business of the scope's renames.
    public init(_ configuration: ResNetConfiguration, weights: WeightScope) throws {
        precondition(
            configuration.depths.count == configuration.dilates.count + 1,
            "ResNet: \(configuration.depths.count) stages, but \(configuration.dilates.count) dilations"
        )
        self.configuration = configuration
        weights.ignoreAll(below: "fc")
        stem = try ResNetStem(
            convolution: weights["conv1"], norm: weights["bn1"], width: configuration.width)
        var channels = configuration.width
        var dilation = 1
        stages = try configuration.depths.enumerated().map { index, depth in
            let planes = configuration.width << index
            let firstDilation = dilation
            var stride = index == 0 ? 1 : 2
            if index > 0, configuration.dilates[index - 1] {
                dilation *= stride
                stride = 1
            }
            let scope = "layer\(index + 1)"
            return try (0..<depth).map { block in
                let isFirst = block == 0
                defer { channels = planes * ResNetBottleneck.expansion }
                return try ResNetBottleneck(
                    weights[scope, block], inputChannels: channels, planes: planes,
                    groups: configuration.groups, widthPerGroup: configuration.widthPerGroup,
                    stride: isFirst ? stride : 1, dilation: isFirst ? firstDilation : dilation,
                    projectsShortcut: isFirst
                        && (stride != 1 || channels != planes * ResNetBottleneck.expansion))
            }
        }
    }

    /// The channels of each level.
    public var levelChannels: [Int] { configuration.levelChannels }

    /// The levels of `frames`, `[frames, height, width, 3]`, from `firstLevel` on, fine to coarse.
    ///
    /// The recorder is offered `backbone.conv1` (before its norm), `backbone.stem` and
    /// `backbone.stage0` ..., `[frames, channels, height, width]`.
    public func callAsFunction(
        _ frames: Tensor<Float>, firstLevel: Int, recorder: Recorder?
    ) -> [Tensor<Float>] {
        recorder?.record("backbone.conv1") { stem.convolved(frames).transposed(0, 3, 1, 2) }
        var x = stem(frames)
        recorder?.record("backbone.stem") { x.transposed(0, 3, 1, 2) }
        return stages.enumerated().compactMap { index, blocks in
            for block in blocks { x = block(x) }
            recorder?.record("backbone.stage\(index)") { x.transposed(0, 3, 1, 2) }
            return index < firstLevel ? nil : x
        }
    }
}

import Checkpoints
import Layers
import Models
import Tensor
import TestSupport
import Testing

@Suite("ResNet")
struct ResNetTests {
    @Test(
        "Modules equal the official code",
        arguments: [
            "bottleneck_dilation2", "bottleneck_stride2_downsample", "resnet_stem",
            "seqformer_bottleneck",
        ])
    func modules(name: String) throws {
        try ReferenceVerification.verifyModule(ReferenceVerification.fixture(name))
    }

    /// A stage that dilates keeps the resolution; its first block still has the dilation before it.
    @Test("Strides and dilations set the levels' sizes", arguments: [false, true])
    func sizes(dilatesLast: Bool) throws {
        let configuration = ResNetConfiguration(
            depths: [1, 1, 2, 2], width: 4, dilates: [false, false, dilatesLast])
        let scope = WeightScope(try weights(configuration))
        let model = try ResNet(configuration, weights: scope)
        #expect(try scope.finish().isComplete)
        var random = SeededRandom(11)
        let levels = model(random.tensor([2, 65, 47, 3]), recorder: nil)
        let last = dilatesLast ? [2, 5, 3, 128] : [2, 3, 2, 128]
        #expect(levels.map(\.shape) == [[2, 17, 12, 16], [2, 9, 6, 32], [2, 5, 3, 64], last])
        #expect(levels.map { $0.shape[3] } == model.levelChannels)
    }

    /// Odd sizes, and as many groups as make some of them as narrow as one channel.
    @Test(
        "A block with groups is its three convolutions",
        arguments: [(1, 64, 1), (4, 16, 2), (16, 4, 1), (8, 8, 2), (2, 32, 2)])
    func grouped(groups: Int, widthPerGroup: Int, stride: Int) throws {
        let configuration = ResNetConfiguration(
            depths: [1], width: 16, groups: groups, widthPerGroup: widthPerGroup, dilates: [])
        let source = try weights(configuration)
        let block = try ResNetBottleneck(
            WeightScope(source)["layer1", 0], inputChannels: 16, planes: 16, groups: groups,
            widthPerGroup: widthPerGroup, stride: stride, projectsShortcut: true)
        var random = SeededRandom(UInt64(groups))
        let x = random.tensor([2, 7, 10, 16])

        func step(
            _ x: Tensor<Float>, _ convolution: String, _ norm: String, stride: Int = 1,
            padding: Int = 0, groups: Int = 1
        ) throws -> Tensor<Float> {
            let scope = WeightScope(source)["layer1", 0]
            let norm = try BatchNorm(
                scope[norm], channels: source.floats("layer1.0.\(convolution).weight").shape[0])
            let weight = try source.floats("layer1.0.\(convolution).weight")
            return Naive.convolution(
                x, weight.expandedDimensions(axis: 2), stride: [1, stride, stride],
                padding: [0, padding, padding], groups: groups) * norm.scale + norm.shift
        }
        var inner = relu(try step(x, "conv1", "bn1"))
        inner = relu(
            try step(inner, "conv2", "bn2", stride: stride, padding: 1, groups: groups))
        let sum =
            try step(inner, "conv3", "bn3")
            + step(x, "downsample.0", "downsample.1", stride: stride)
        let expected = relu(sum)
        // Three sums, of at most 144 products of values around one.
        #expect(block(x).largestDifference(from: expected) < 1e-4)
    }

    /// What is asked for does not change what it is, nor does how many frames go through at once.
    @Test("Levels and frames can be asked for one by one")
    func parts() throws {
        let configuration = ResNetConfiguration(
            depths: [1, 2, 1, 1], width: 32, groups: 4, widthPerGroup: 16)
        let model = try ResNet(configuration, weights: WeightScope(try weights(configuration)))
        var random = SeededRandom(5)
        try expectParts(of: model, frames: random.tensor([3, 75, 52, 3]))
    }

    private func weights(_ configuration: ResNetConfiguration) throws -> SyntheticWeights {
        var list: [SyntheticWeights.Specification] = []
        func add(_ name: String, _ norm: String, _ shape: [Int]) {
            list.append(.init(name: "\(name).weight", shape: shape, base: 0, scale: 0.3))
            for (part, base) in [
                ("weight", 1), ("bias", 0), ("running_mean", 0), ("running_var", 1),
            ] {
                list.append(
                    .init(
                        name: "\(norm).\(part)", shape: [shape[0]], base: Float(base), scale: 0.1))
            }
        }
        add("conv1", "bn1", [configuration.width, 3, 7, 7])
        var channels = configuration.width
        for (stage, depth) in configuration.depths.enumerated() {
            let planes = configuration.width << stage
            let width = planes * configuration.widthPerGroup / 64 * configuration.groups
            for block in 0..<depth {
                let name = "layer\(stage + 1).\(block)"
                add("\(name).conv1", "\(name).bn1", [width, channels, 1, 1])
                add("\(name).conv2", "\(name).bn2", [width, width / configuration.groups, 3, 3])
                add("\(name).conv3", "\(name).bn3", [4 * planes, width, 1, 1])
                if block == 0 {
                    add(
                        "\(name).downsample.0", "\(name).downsample.1",
                        [4 * planes, channels, 1, 1])
                }
                channels = 4 * planes
            }
        }
        return try SyntheticWeights(list)
    }
}

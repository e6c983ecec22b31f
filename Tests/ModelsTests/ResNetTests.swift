import Checkpoints
import Models
import Tensor
import TestSupport
import Testing

@Suite("ResNet")
struct ResNetTests {
    @Test(
        "Modules equal the official code",
        arguments: ["bottleneck_dilation2", "bottleneck_stride2_downsample", "resnet_stem"])
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
            let width = configuration.width << stage
            for block in 0..<depth {
                let name = "layer\(stage + 1).\(block)"
                add("\(name).conv1", "\(name).bn1", [width, channels, 1, 1])
                add("\(name).conv2", "\(name).bn2", [width, width, 3, 3])
                add("\(name).conv3", "\(name).bn3", [4 * width, width, 1, 1])
                if block == 0 {
                    add(
                        "\(name).downsample.0", "\(name).downsample.1", [4 * width, channels, 1, 1])
                }
                channels = 4 * width
            }
        }
        return try SyntheticWeights(list)
    }
}

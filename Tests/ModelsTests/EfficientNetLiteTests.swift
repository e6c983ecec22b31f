import Checkpoints
import Foundation
import Layers
import Models
import Tensor
import TestSupport
import Testing

@Suite("EfficientNet-Lite")
struct EfficientNetLiteTests {
    static let small = EfficientNetLiteConfiguration(
        stemChannels: 8,
        stages: [
            .init(blocks: 1, kernelSize: 3, stride: 1, expansion: 1, channels: 6),
            .init(blocks: 2, kernelSize: 3, stride: 2, expansion: 2, channels: 10),
            .init(blocks: 1, kernelSize: 5, stride: 2, expansion: 3, channels: 12),
            .init(blocks: 2, kernelSize: 5, stride: 2, expansion: 2, channels: 16),
            .init(blocks: 1, kernelSize: 3, stride: 2, expansion: 2, channels: 20),
        ])

    /// The lower right corner of a photograph through the first layers, as the original code has it: even
    /// sides, where all of the stem's padding is below and at the right.
    ///
    /// Values reach 44, single precision's step at that size is 4e-6; norms and sums of up to 32 products
    /// are rounded in another order.
    @Test("The first layers equal the original code")
    func corner() throws {
        let file = try SafetensorsFile(
            path: ReferenceVerification.fixture("efficientnet-lite0-corner.safetensors"))
        let configuration = EfficientNetLiteConfiguration(
            stages: Array(EfficientNetLiteConfiguration.lite0.stages.prefix(1)))
        let model = try EfficientNetLite(configuration, weights: WeightScope(file))
        let recorder = Recorder()
        _ = model(
            try file.floats("input").transposed(0, 2, 3, 1).contiguous(), recorder: recorder)
        let stem = try #require(recorder.tensors["backbone.stem"])
        #expect(largestDifference(stem, try file.floats("stem")) < 5e-5)
        // The corner's first row and column lack what is above and at the left of them.
        let stage = try #require(recorder.tensors["backbone.stage0"])
        #expect(largestDifference(inner(stage), inner(try file.floats("stage0"))) < 2e-4)
    }

    private func inner(_ map: Tensor<Float>) -> Tensor<Float> {
        map.sliced(axis: 2, 1..<map.shape[2]).sliced(axis: 3, 1..<map.shape[3])
    }

    /// All stages, where the whole network lies beside the package.
    ///
    /// Values reach 44; after seven stages the two programs differ in their 19th bit.
    @Test("All stages equal the original code")
    func golden() throws {
        guard let weights = ReferenceFolder.weights("efficientnet-lite0-imagenet.safetensors"),
            let golden = ReferenceFolder.weights("golden-efficientnet-lite0-bear.safetensors")
        else { return }
        let scope = WeightScope(try SafetensorsFile(path: weights))
        let model = try EfficientNetLite(.lite0, weights: scope)
        #expect(try scope.finish().isComplete)
        let file = try SafetensorsFile(path: golden)
        let recorder = Recorder()
        _ = model(
            try file.floats("input").transposed(0, 2, 3, 1).contiguous(), recorder: recorder)
        for name in ["stem"] + (0..<7).map({ "stage\($0)" }) {
            let found = try #require(recorder.tensors["backbone.\(name)"])
            #expect(largestDifference(found, try file.floats(name)) < 2e-4, "\(name)")
        }
    }

    /// Even and odd sides, so that each stride meets both paddings; against plain convolutions on images
    /// that are padded by the rule's own words.
    @Test(
        "It is its plain convolutions",
        arguments: [[2, 64, 96], [1, 33, 51], [1, 37, 64], [1, 62, 45]])
    func plain(size: [Int]) throws {
        let source = try SyntheticWeights(specifications(Self.small))
        let scope = WeightScope(source)
        let model = try EfficientNetLite(Self.small, weights: scope)
        #expect(try scope.finish().isComplete)
        #expect(model.levelChannels == [10, 12, 16, 20])
        var random = SeededRandom(UInt64(size[1]))
        let frames = random.tensor(size + [3])
        let levels = model(frames, recorder: nil)
        let expected = try plainLevels(frames, source)
        #expect(levels.map(\.shape) == expected.map(\.shape))
        for (level, plain) in zip(levels, expected) {
            // Nineteen convolutions, of at most 200 products each of values up to 6.
            #expect(level.largestDifference(from: plain) < 1e-4)
        }
        #expect(levels.map { $0.shape[1] } == (2...5).map { (size[1] - 1) >> $0 + 1 })
    }

    /// What is asked for does not change what it is, nor does how many frames go through at once.
    @Test("Levels and frames can be asked for one by one")
    func parts() throws {
        let model = try EfficientNetLite(
            Self.small, weights: WeightScope(try SyntheticWeights(specifications(Self.small))))
        var random = SeededRandom(5)
        let frames = random.tensor([3, 45, 38, 3])
        let whole = model(frames, recorder: nil)
        for frame in 0..<3 {
            let levels = model(frames[frame..<frame + 1], recorder: nil)
            for (level, all) in zip(levels, whole) {
                #expect(level.scalars == all[frame..<frame + 1].scalars)
            }
        }
        #expect(model(frames, firstLevel: 2, recorder: nil) == Array(whole[2...]))
    }

    /// The network by `Naive.convolution`, level by level.
    private func plainLevels(
        _ frames: Tensor<Float>, _ source: SyntheticWeights
    ) throws -> [Tensor<Float>] {
        func step(
            _ x: Tensor<Float>, _ convolution: String, _ norm: String, stride: Int = 1,
            isDepthwise: Bool = false
        ) throws -> Tensor<Float> {
            let weight = try source.floats("\(convolution).weight")
            let norm = try BatchNorm(
                WeightScope(source)[norm], channels: weight.shape[0], epsilon: 1e-3)
            let kernel = weight.shape[2]
            // "SAME": ceil(length / stride) outputs; the odd zero comes last.
            let amounts = (1...2).map { axis in
                let outputs = (x.shape[axis] + stride - 1) / stride
                let total = max(0, (outputs - 1) * stride + kernel - x.shape[axis])
                return (before: total / 2, after: total - total / 2)
            }
            return Naive.convolution(
                padded(x, [(0, 0), amounts[0], amounts[1], (0, 0)]),
                weight.expandedDimensions(axis: 2), stride: [1, stride, stride],
                groups: isDepthwise ? weight.shape[0] : 1) * norm.scale + norm.shift
        }
        func relu6(_ x: Tensor<Float>) -> Tensor<Float> { x.clipped(min: 0, max: 6) }
        var x = relu6(try step(frames, "_conv_stem", "_bn0", stride: 2))
        var levels: [Tensor<Float>] = []
        var index = 0
        for stage in Self.small.stages {
            if stage.stride == 2 { levels.append(x) }
            for block in 0..<stage.blocks {
                let name = "_blocks.\(index)"
                var inner = x
                if stage.expansion > 1 {
                    inner = relu6(try step(x, "\(name)._expand_conv", "\(name)._bn0"))
                }
                inner = relu6(
                    try step(
                        inner, "\(name)._depthwise_conv", "\(name)._bn1",
                        stride: block == 0 ? stage.stride : 1, isDepthwise: true))
                let narrow = try step(inner, "\(name)._project_conv", "\(name)._bn2")
                x = narrow.shape == x.shape ? narrow + x : narrow
                index += 1
            }
        }
        return Array((levels + [x]).suffix(4))
    }

    private func specifications(
        _ configuration: EfficientNetLiteConfiguration
    ) -> [SyntheticWeights.Specification] {
        var list: [SyntheticWeights.Specification] = []
        func add(_ name: String, _ norm: String, _ shape: [Int]) {
            list.append(.init(name: "\(name).weight", shape: shape, base: 0, scale: 0.6))
            for (part, base) in [
                ("weight", 1), ("bias", 0.3), ("running_mean", 0), ("running_var", 1),
            ] {
                list.append(
                    .init(
                        name: "\(norm).\(part)", shape: [shape[0]], base: Float(base), scale: 0.2))
            }
        }
        add("_conv_stem", "_bn0", [configuration.stemChannels, 3, 3, 3])
        var channels = configuration.stemChannels
        var index = 0
        for stage in configuration.stages {
            for _ in 0..<stage.blocks {
                let name = "_blocks.\(index)"
                let width = channels * stage.expansion
                if stage.expansion > 1 {
                    add("\(name)._expand_conv", "\(name)._bn0", [width, channels, 1, 1])
                }
                let kernel = stage.kernelSize
                add("\(name)._depthwise_conv", "\(name)._bn1", [width, 1, kernel, kernel])
                add("\(name)._project_conv", "\(name)._bn2", [stage.channels, width, 1, 1])
                channels = stage.channels
                index += 1
            }
        }
        // A classifier, which is passed over.
        list.append(
            .init(name: "_conv_head.weight", shape: [4, channels, 1, 1], base: 0, scale: 1))
        list.append(.init(name: "_bn1.weight", shape: [4], base: 1, scale: 0))
        list.append(.init(name: "_fc.bias", shape: [4], base: 1, scale: 0))
        return list
    }
}

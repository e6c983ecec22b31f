import Checkpoints
import Foundation
import Models
import Tensor
import TestSupport
import Testing

/// MED-VT Lite: its weights at the beginning of training, and what a checkpoint of them tells.
@Suite struct MEDVTLiteTests {
    /// Tensors in memory as a checkpoint.
    private struct Weights: WeightSource {
        let tensors: [String: Tensor<Float>]
        let origin = "weights in memory"
        let metadata: [String: String] = [:]

        var entries: [CheckpointEntry] { tensors.keys.compactMap(entry) }

        func entry(named name: String) -> CheckpointEntry? {
            tensors[name].map {
                CheckpointEntry(
                    name: name, shape: $0.shape, elementType: .float32, byteCount: 4 * $0.count)
            }
        }

        func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
            guard let tensor = tensors[name] else {
                throw CheckpointError.missing(name: name, origin: origin)
            }
            tensor.withUnsafeBuffer { destination.copyMemory(from: UnsafeRawBufferPointer($0)) }
        }
    }

    private let configuration: MEDVTConfiguration
    private let backbone: Weights

    /// A backbone of the classifier's names and shapes, its variances 1 and its weights small.
    init() throws {
        configuration = try #require(MEDVTConfiguration.preset(named: "medvt-lite"))
        let specifications = try Self.backboneShapes(configuration).map { name, shape in
            SyntheticWeights.Specification(
                name: name, shape: shape, base: name.hasSuffix("running_var") ? 1 : 0, scale: 0.1)
        }
        let source = try SyntheticWeights(specifications)
        backbone = Weights(
            tensors: try Dictionary(
                uniqueKeysWithValues: specifications.map { ($0.name, try source.floats($0.name)) }))
    }

    /// The names and shapes come from the report on an empty checkpoint and from the blocks' own rule.
    private static func backboneShapes(
        _ configuration: MEDVTConfiguration
    ) throws -> [(String, [Int])] {
        let lite = EfficientNetLiteConfiguration.lite0
        var list: [(String, [Int])] = []
        func add(_ name: String, _ norm: String, _ shape: [Int]) {
            list.append(("\(name).weight", shape))
            list += ["weight", "bias", "running_mean", "running_var"].map {
                ("\(norm).\($0)", [shape[0]])
            }
        }
        add("_conv_stem", "_bn0", [lite.stemChannels, 3, 3, 3])
        var channels = lite.stemChannels
        for (index, stage) in lite.stages.flatMap({
            Array(repeating: $0, count: $0.blocks)
        }).enumerated() {
            let (name, width) = ("_blocks.\(index)", channels * stage.expansion)
            if stage.expansion > 1 {
                add("\(name)._expand_conv", "\(name)._bn0", [width, channels, 1, 1])
            }
            let kernel = [stage.kernelSize, stage.kernelSize]
            add("\(name)._depthwise_conv", "\(name)._bn1", [width, 1] + kernel)
            add("\(name)._project_conv", "\(name)._bn2", [stage.channels, width, 1, 1])
            channels = stage.channels
        }
        return list
    }

    @Test func freshWeightsAreAWholeCheckpoint() throws {
        let weights = try configuration.initialWeights(seed: 1, backbone: backbone)
        let source = Weights(tensors: weights)
        let recipe = try ModelRecipe(for: source)
        #expect(recipe.preset == "medvt-lite")
        #expect(recipe.isDecided)
        #expect(recipe.medvt == configuration)
        let (_, report) = try recipe.model(from: source)
        #expect(report.isComplete)
        #expect(report.loaded == weights.count)
        let name = "_blocks.3._depthwise_conv.weight"
        #expect(weights["vistr.backbone.0.body.\(name)"] == backbone.tensors[name])
    }

    @Test func theSeedDecides() throws {
        let first = try configuration.initialWeights(seed: 1, backbone: backbone)
        #expect(try configuration.initialWeights(seed: 1, backbone: backbone) == first)
        let second = try configuration.initialWeights(seed: 2, backbone: backbone)
        let drawn = "vistr.transformer.decoder.layers.0.linear1.weight"
        #expect(first[drawn] != second[drawn])
        #expect(first[drawn]?.shape == [384, 96])
    }

    /// Frame differences change nothing at first; then it is differences that count, and nothing that all frames share.
    @Test func frameDifferencesBeginWithNothing() throws {
        var without = configuration
        without.frameDifferences = false
        // Norms of factor 1, or the deep levels of made-up weights would be all but 0.
        let strong = backbone.tensors.map { name, tensor in
            let isFactor = name.contains("_bn") && name.hasSuffix(".weight")
            return (name, isFactor ? Tensor(repeating: 1, shape: tensor.shape) : tensor)
        }
        let backbone = Weights(tensors: Dictionary(uniqueKeysWithValues: strong))
        var tensors = try configuration.initialWeights(seed: 3, backbone: backbone)
        let added = try configuration.initialFrameDifferences(seed: 3)
        #expect(added.count == 15)
        for (name, tensor) in added { #expect(tensors[name] == tensor) }
        let model = try MEDVT(configuration, weights: WeightScope(Weights(tensors: tensors)))
        let plain = try MEDVT(without, weights: WeightScope(Weights(tensors: tensors)))
        var random = SeededRandom(4)
        let moving = Clip(frames: random.tensor([4, 66, 98, 3]))
        #expect(model(moving) == plain(moving))

        var learnt = SeededRandom(5)
        for (name, tensor) in added where name.contains(".output.") {
            tensors[name] = learnt.tensor(tensor.shape)
        }
        let changed = try MEDVT(configuration, weights: WeightScope(Weights(tensors: tensors)))
        #expect(changed(moving) != plain(moving))
        let frame = random.tensor([1, 66, 98, 3])
        let resting = Clip(frames: concatenated([frame, frame, frame, frame], axis: 0))
        // A mean of equals may be off by a rounding, which made-up weights enlarge: a thousandth of a logit.
        let difference = changed(resting) - plain(resting)
        #expect(difference.scalars.allSatisfy { abs($0) < 1e-3 })
    }

    /// Whether a checkpoint has frame differences is seen in its tensors.
    @Test(arguments: [true, false]) func frameDifferencesAreRecognised(has: Bool) throws {
        var other = configuration
        other.frameDifferences = has
        let weights = try other.initialWeights(seed: 1, backbone: backbone)
        #expect(try other.initialFrameDifferences(seed: 1).isEmpty == !has)
        #expect(try ModelRecipe(for: Weights(tensors: weights)).medvt == other)
    }

    /// Every pixel's probability begins near 0.2, whatever the picture: the logit's spread is that of 32
    /// products of weights of deviation 0.1 / sqrt(32) with rectified values of mean square 1/2.
    @Test func aFifthIsForegroundAtFirst() throws {
        let weights = Weights(
            tensors: try configuration.initialWeights(seed: 3, backbone: backbone))
        let model = try MEDVT(configuration, weights: WeightScope(weights))
        var random = SeededRandom(4)
        let logits = model(Clip(frames: random.tensor([4, 66, 98, 3])))
        #expect(logits.shape == [4, 17, 25, 1])
        let probabilities = sigmoid(logits).scalars
        #expect(probabilities.allSatisfy { (0.1...0.35).contains($0) })
        #expect(Set(probabilities).count > 1)
    }

    /// No number of threads changes a bit.
    @Test func theNumberOfThreadsDoesNotMatter() throws {
        let weights = Weights(
            tensors: try configuration.initialWeights(seed: 3, backbone: backbone))
        let model = try MEDVT(configuration, weights: WeightScope(weights))
        var random = SeededRandom(4)
        let clip = Clip(frames: random.tensor([4, 130, 98, 3]))
        let expected = withThreads(1) { model(clip) }
        for threads in [2, 5] {
            #expect(withThreads(threads) { model(clip) } == expected)
        }
    }

    @Test func aBackboneThatDoesNotFitIsRefused() throws {
        var tensors = backbone.tensors
        tensors["_bn0.bias"] = nil
        tensors["_conv_stem.weight"] = Tensor(zeros: [3, 3, 3, 32])
        let error = #expect(throws: CheckpointError.self) {
            try configuration.initialWeights(seed: 1, backbone: Weights(tensors: tensors))
        }
        let text = try #require(error).description
        #expect(text.contains("_bn0.bias"))
        #expect(text.contains("_conv_stem.weight"))
    }

    /// Sizes that a checkpoint tells are found in it, the others are those of the preset.
    @Test func sizesAreRecognised() throws {
        var other = configuration
        other.hiddenDimension = 48
        other.headChannels = [16, 12, 8]
        other.crossLayerDimension = 64
        other.encoderLayers = [2, 1]
        let weights = try other.initialWeights(seed: 1, backbone: backbone)
        #expect(try ModelRecipe(for: Weights(tensors: weights)).medvt == other)
    }

    @Test(arguments: [
        #"{"head_channels": [64, 48]}"#, #"{"head_channels": [64, 48, 30]}"#,
        #"{"cross_layer_nheads": 7}"#, #"{"cross_layer_dim_feedforward": 0}"#,
        #"{"lprop_key_channels": 0}"#, #"{"backbone": "swinB", "frame_differences": true}"#,
    ])
    func impossibleValuesAreRefused(json: String) {
        #expect(throws: ConfigurationError.self) {
            try JSONDecoder().decode(MEDVTConfiguration.self, from: Data(json.utf8))
        }
    }
}

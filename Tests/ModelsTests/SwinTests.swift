import Checkpoints
import Layers
import Models
import Tensor
import TestSupport
import Testing

/// The attention of padded windows is tested beside that of shrinking ones, with one plain twin.
@Suite("Swin")
struct SwinTests {
    @Test(
        "Modules equal the official code",
        arguments: ["seqformer_swin_patch_embed", "seqformer_swin_stage"])
    func modules(name: String) throws {
        try ReferenceVerification.verifyModule(ReferenceVerification.fixture(name))
    }

    /// Sizes that no stage divides; the last map is smaller than a window.
    @Test("Levels halve rounding up")
    func shapes() throws {
        let scope = WeightScope(try weights(configuration))
        let model = try Swin(configuration, weights: scope)
        #expect(try scope.finish().isComplete)
        var random = SeededRandom(3)
        let levels = model(random.tensor([2, 61, 38, 3]), recorder: nil)
        #expect(
            levels.map(\.shape) == [
                [2, 16, 10, 8], [2, 8, 5, 16], [2, 4, 3, 32], [2, 2, 2, 64],
            ])
        #expect(levels.allSatisfy { $0.scalars.allSatisfy(\.isFinite) })
    }

    @Test("Levels and frames can be asked for one by one")
    func parts() throws {
        let model = try Swin(configuration, weights: WeightScope(try weights(configuration)))
        var random = SeededRandom(5)
        try expectParts(of: model, frames: random.tensor([3, 61, 38, 3]))
    }

    private let configuration = SwinConfiguration(
        embeddingWidth: 8, depths: [2, 2, 1, 2], heads: [1, 2, 2, 4], window: 5)

    private func weights(_ configuration: SwinConfiguration) throws -> SyntheticWeights {
        typealias Specification = SyntheticWeights.Specification
        var list: [Specification] = []
        func add(_ name: String, _ shape: [Int], base: Float = 0) {
            list.append(Specification(name: name, shape: shape, base: base, scale: 0.2))
        }
        func addNorm(_ name: String, _ channels: Int) {
            add("\(name).weight", [channels], base: 1)
            add("\(name).bias", [channels])
        }
        let side = 2 * configuration.window - 1
        add(
            "patch_embed.proj.weight",
            [configuration.embeddingWidth, 3, configuration.patch, configuration.patch])
        add("patch_embed.proj.bias", [configuration.embeddingWidth])
        addNorm("patch_embed.norm", configuration.embeddingWidth)
        for (stage, channels) in configuration.levelChannels.enumerated() {
            for block in 0..<configuration.depths[stage] {
                let name = "layers.\(stage).blocks.\(block)"
                addNorm("\(name).norm1", channels)
                addNorm("\(name).norm2", channels)
                add(
                    "\(name).attn.relative_position_bias_table",
                    [side * side, configuration.heads[stage]])
                for (matrix, outputs, inputs) in [
                    ("attn.qkv", 3, 1), ("attn.proj", 1, 1), ("mlp.fc1", 4, 1), ("mlp.fc2", 1, 4),
                ] {
                    add("\(name).\(matrix).weight", [outputs * channels, inputs * channels])
                    add("\(name).\(matrix).bias", [outputs * channels])
                }
            }
            if stage < configuration.depths.count - 1 {
                addNorm("layers.\(stage).downsample.norm", 4 * channels)
                add("layers.\(stage).downsample.reduction.weight", [2 * channels, 4 * channels])
            }
            addNorm("norm\(stage)", channels)
        }
        return try SyntheticWeights(list)
    }
}

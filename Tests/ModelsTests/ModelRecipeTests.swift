import Checkpoints
import Foundation
import Models
import Tensor
import Testing

/// A checkpoint that has the names and shapes of a reference case and whatever metadata a test wants.
private struct DescribedWeights: WeightSource {
    let weights: SyntheticWeights
    let metadata: [String: String]

    var origin: String { "described.safetensors" }
    var entries: [CheckpointEntry] { weights.entries }
    func entry(named name: String) -> CheckpointEntry? { weights.entry(named: name) }
    func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
        try weights.read(name, into: destination)
    }
}

extension ModelRecipe {
    /// The configuration, where it is one of MED-VT.
    var medvt: MEDVTConfiguration? { configuration as? MEDVTConfiguration }
}

@Suite struct ModelRecipeTests {
    private func checkpoint(
        _ fixture: String, metadata: [String: String] = [:]
    ) throws -> DescribedWeights {
        let reference = try ReferenceCase(path: ReferenceVerification.fixture(fixture))
        return DescribedWeights(weights: reference.weights, metadata: metadata)
    }

    @Test(arguments: [
        ("avos-swinb-2023", "avos-swinb", ["avos-swinb-train", "avos-swinb-2023"]),
        ("avos-resnet101", "avos-resnet101", []),
        ("a2d-swinb-padded", "a2d-swinb", []),
    ])
    func namesTellTheModel(fixture: String, preset: String, alternatives: [String]) throws {
        let recipe = try ModelRecipe(for: try checkpoint(fixture))
        #expect(recipe.family == "medvt")
        #expect(recipe.preset == preset)
        #expect(recipe.alternatives == alternatives)
        #expect(recipe.isDecided == alternatives.isEmpty)
        #expect(recipe.medvt == MEDVTConfiguration.preset(named: preset))
    }

    @Test func metadataDecides() throws {
        let written = try ModelRecipe(
            for: try checkpoint("avos-swinb-2023"), preset: "avos-swinb-2023")
        let source = try checkpoint("avos-swinb-2023", metadata: try written.metadata)
        let recipe = try ModelRecipe(for: source)
        #expect(recipe.preset == "avos-swinb-2023")
        #expect(recipe.isDecided)
        #expect(recipe.medvt == written.medvt)
        let insisted = try ModelRecipe(for: source, preset: "avos-swinb-train")
        #expect(insisted.medvt == MEDVTConfiguration.preset(named: "avos-swinb-train"))
    }

    @Test func aConfigurationFileCounts() throws {
        let recipe = try ModelRecipe(
            for: try checkpoint("a2d-swinb-padded"),
            configurationFile: ("config.json", Data(#"{"decoder_scales": 3}"#.utf8)))
        #expect(recipe.medvt?.decoderScales == 3)
        #expect(recipe.medvt?.classes == 80)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let source = try checkpoint("a2d-swinb-padded")
        #expect(throws: ModelFamilyError.unknownPreset(name: "swin")) {
            try ModelRecipe(for: source, preset: "swin")
        }
        #expect(
            throws: ModelFamilyError.unfitPreset(
                name: "avos-swinb", origin: source.origin, fitting: ["a2d-swinb"])
        ) { try ModelRecipe(for: source, preset: "avos-swinb") }
        #expect(throws: ModelFamilyError.self) {
            try ModelRecipe(
                for: source, configurationFile: ("config.json", Data(#"{"dec_layers""#.utf8)))
        }
        let stranger = try SyntheticWeights([
            .init(name: "fc.weight", shape: [10, 10], base: 0, scale: 1)
        ])
        #expect(throws: ModelFamilyError.unrecognized(origin: stranger.origin)) {
            try ModelRecipe(for: stranger)
        }
    }
}

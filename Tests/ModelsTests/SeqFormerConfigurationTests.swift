import Checkpoints
import Foundation
import Models
import Testing

@Suite struct SeqFormerConfigurationTests {
    private func decoded(_ json: String) throws -> SeqFormerConfiguration {
        try JSONDecoder().decode(SeqFormerConfiguration.self, from: Data(json.utf8))
    }

    @Test(arguments: SeqFormerConfiguration.presetNames)
    func presetsSurviveCoding(name: String) throws {
        let preset = try #require(SeqFormerConfiguration.preset(named: name))
        try preset.validate()
        let data = try JSONEncoder().encode(preset)
        #expect(try JSONDecoder().decode(SeqFormerConfiguration.self, from: data) == preset)
        #expect(try decoded(#"{"family": "\#(name)"}"#) == preset)
    }

    @Test(arguments: [
        ("seqformer_r50_t5_odd", "seqformer-r50"),
        ("seqformer_vnext_r50_t3_pad", "vnext-seqformer-r50"),
    ])
    func tensorsTellTheModel(fixture: String, preset: String) throws {
        let reference = try ReferenceCase(path: ReferenceVerification.fixture(fixture))
        let recipe = try ModelRecipe(for: reference.weights)
        #expect(recipe.family == "seqformer")
        #expect(recipe.preset == preset)
        #expect(recipe.isDecided)
        #expect(
            recipe.configuration as? SeqFormerConfiguration
                == SeqFormerConfiguration.preset(named: preset))
    }

    /// The reference cases' and the official configurations' names.
    @Test func optionsHaveTheOfficialNames() throws {
        let configuration = try decoded(
            """
            {"format": "vnext", "backbone": "swin_l_p4w12", "num_queries": 100, "n_points": 2,
             "family": "vnext-seqformer-swinl", "resize_short_side": 240, "resize_max": 640,
             "inference": {"CLIP_MATCHING": true, "CLIP_LENGTH": 3, "top_k": 5}}
            """)
        #expect(configuration.release == .vnext)
        #expect(configuration.backbone == .swinLarge)
        #expect(configuration.queries == 100)
        #expect(configuration.points == 2)
        #expect(configuration.inference.matchesClips)
        #expect(configuration.inference.clipLength == 3)
        #expect(configuration.inference.topK == 5)
        #expect(configuration.inference.scoreThreshold == 0.05)
        #expect(configuration.preprocessing == .detectron2(shortSide: 240, longSide: 640))
    }

    @Test(arguments: [
        #"{"hidden_dim": 40}"#, #"{"nheads": 7}"#, #"{"dim_feedforward": 0}"#,
        #"{"enc_layers": -1}"#, #"{"dec_layers": 0}"#, #"{"num_feature_levels": 2}"#,
        #"{"n_points": 0}"#, #"{"num_queries": 0}"#, #"{"num_classes": 0}"#,
        #"{"inference": {"CLIP_LENGTH": 0}}"#, #"{"inference": {"APPLY_CLS_THRES": 2}}"#,
        #"{"resize_short_side": 0}"#, #"{"family": "seqformer-r18"}"#,
    ])
    func impossibleValuesAreRefused(json: String) {
        #expect(throws: ConfigurationError.self) { try decoded(json) }
    }

    @Test(arguments: [
        #"{"format": "detectron3"}"#, #"{"backbone": "resnet18"}"#, #"{"num_queries": "many"}"#,
        #"{"inference": {"CLIP_MATCHING": 1}}"#,
    ])
    func valuesOfTheWrongKindAreRefused(json: String) {
        #expect(throws: DecodingError.self) { try decoded(json) }
    }
}

import Foundation
import Models
import Testing

@Suite struct MEDVTConfigurationTests {
    private func decoded(_ json: String) throws -> MEDVTConfiguration {
        try JSONDecoder().decode(MEDVTConfiguration.self, from: Data(json.utf8))
    }

    @Test(arguments: MEDVTConfiguration.presetNames)
    func presetsSurviveCoding(name: String) throws {
        let preset = try #require(MEDVTConfiguration.preset(named: name))
        try preset.validate()
        let data = try JSONEncoder().encode(preset)
        #expect(try JSONDecoder().decode(MEDVTConfiguration.self, from: data) == preset)
        #expect(try decoded(#"{"family": "\#(name)"}"#) == preset)
    }

    @Test func absentKeysAreThoseOfTheFamily() throws {
        let configuration = try decoded(
            #"{"family": "a2d-swinb", "decoder_scales": 3, "num_frames": 8}"#)
        #expect(configuration.classes == 80)
        #expect(configuration.decoderScales == 3)
        #expect(configuration.frames == 8)
        #expect(configuration.queries == 8)
        #expect(configuration.attentionMapSoftmax == .headsAndSpace)
    }

    @Test(arguments: [
        #"{"num_frames": 0}"#, #"{"num_queries": 4}"#, #"{"nheads": 7}"#, #"{"hidden_dim": 12}"#,
        #"{"enc_layers": [6]}"#, #"{"dec_layers": 0}"#, #"{"num_classes": 0}"#,
        #"{"decoder_scales": 5}"#, #"{"fpn_taps": ["dcn"]}"#, #"{"lprop_scale": 0}"#,
        #"{"stacked_lprop": 0}"#, #"{"lprop_scale": 64, "stacked_lprop": 2}"#,
        #"{"num_frames": 1}"#, #"{"family": "medvt3"}"#,
    ])
    func impossibleValuesAreRefused(json: String) {
        #expect(throws: ConfigurationError.self) { try decoded(json) }
    }

    @Test(arguments: [
        #"{"num_frames": "six"}"#, #"{"attn_softmax": "space"}"#, #"{"lprop_mode": 3}"#,
        #"{"fpn_taps": ["lay9"]}"#, #"{"backbone": "swinS"}"#,
    ])
    func valuesOfTheWrongKindAreRefused(json: String) {
        #expect(throws: DecodingError.self) { try decoded(json) }
    }

    @Test func aDocumentOverridesSingleOptions() throws {
        var base = try #require(MEDVTConfiguration.preset(named: "avos-swinb"))
        base.hiddenDimension = 96
        let changed = try base.overridden(
            by: Data(#"{"family": "avos-swinb-train", "lprop_scale": 7.2}"#.utf8), from: "test")
        #expect(changed.hiddenDimension == 96)
        #expect(changed.labelPropagationScale == 7.2)
        #expect(changed.pixelDecoderTaps.first == .input)
        #expect(throws: ModelFamilyError.self) {
            try base.overridden(by: Data(#"{"num_classes": []}"#.utf8), from: "test")
        }
    }
}

import Models
import Testing

/// Cases of the official code that are copied into the package: they hold wherever it is built.
@Suite(.serialized) struct FixtureTests {
    @Test(arguments: [
        "a2d_preprocess", "attention_map_heads", "attention_map_heads_and_space",
        "clip_matching_gap", "clip_matching_return", "clip_matching_stride3_overlap1",
        "clip_matching_swap", "cross_resolution_resnet", "cross_resolution_swin", "decoder_layer",
        "deform_conv", "encoder_layer", "encoder_layer_no_norm", "group_norm_5d", "head_3d",
        "image_transform", "interpolate", "label_propagator", "label_propagator_one_way",
        "label_propagator_scale_7_2", "mask_downsample", "mask_postprocess",
        "mask_postprocess_more", "mha_key_padding", "pil_resize", "position_encoding_3d",
        "resize_rule", "upsample_tokens",
    ])
    func module(name: String) throws {
        try ReferenceVerification.verifyModule(ReferenceVerification.fixture(name))
    }

    /// One case of each backbone, of padded input, and of the joint softmax; the softmax over heads is that
    /// of the protocol's case.
    @Test(arguments: ["avos-resnet101", "a2d-swinb-padded", "avos-swinb-2023"])
    func model(name: String) throws {
        try ReferenceVerification.verifyModel(ReferenceVerification.fixture(name))
    }

    /// Frames to probabilities, as on DAVIS: windows around frames, seven scales, mirror images.
    @Test func davisProtocol() throws {
        try ProtocolCase(path: ReferenceVerification.fixture("protocol-davis-swinb"))
            .verifyForeground(windowCount: 1)
    }
}

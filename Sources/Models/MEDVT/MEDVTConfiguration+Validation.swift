extension MEDVTConfiguration {
    /// Checks that a model of this configuration can exist.
    ///
    /// - Throws: ``ConfigurationError`` for the first option that cannot be.
    public func validate() throws {
        try ConfigurationError.require((1...256).contains(frames), "num_frames", frames, "1 to 256")
        try ConfigurationError.require(
            (1...256).contains(frameStride), "frame_stride", frameStride, "1 to 256")
        try ConfigurationError.require(
            queries == 1 || queries == frames, "num_queries", queries, "1 or num_frames (\(frames))"
        )
        try ConfigurationError.require(
            (24...8192).contains(hiddenDimension) && hiddenDimension % 24 == 0, "hidden_dim",
            hiddenDimension, "a multiple of 24 up to 8192")
        try ConfigurationError.require(
            heads > 0 && hiddenDimension % heads == 0, "nheads", heads,
            "a divisor of hidden_dim (\(hiddenDimension))")
        try ConfigurationError.require(
            (2...65536).contains(feedForwardDimension), "dim_feedforward", feedForwardDimension,
            "2 to 65536")
        try ConfigurationError.require(
            encoderLayers.count == 2 && encoderLayers.allSatisfy { (0...100).contains($0) }
                && encoderLayers.reduce(0, +) > 0,
            "enc_layers", encoderLayers, "two counts of layers")
        let cross = crossLayer
        try ConfigurationError.require(
            cross.heads > 0 && hiddenDimension % cross.heads == 0, "cross_layer_nheads",
            cross.heads, "a divisor of hidden_dim (\(hiddenDimension))")
        try ConfigurationError.require(
            (2...65536).contains(cross.hidden), "cross_layer_dim_feedforward", cross.hidden,
            "2 to 65536")
        // Each of their levels is half as large as the one before; the last two of Swin are of one size.
        try ConfigurationError.require(
            !frameDifferences || !backbone.isSwin, "frame_differences", frameDifferences,
            "false with \(backbone.rawValue)")
        try ConfigurationError.require(
            headChannels.count == 3
                && headChannels.allSatisfy { (4...8192).contains($0) && $0 % 4 == 0 },
            "head_channels", headChannels, "three multiples of 4 up to 8192")
        try ConfigurationError.require(
            (1...8192).contains(labelPropagationKeyChannels), "lprop_key_channels",
            labelPropagationKeyChannels, "1 to 8192")
        try ConfigurationError.require(
            (1...100).contains(decoderLayers), "dec_layers", decoderLayers, "1 to 100")
        try ConfigurationError.require(
            (1...4096).contains(classes), "num_classes", classes, "1 to 4096")
        try ConfigurationError.require(
            (1...4).contains(decoderScales), "decoder_scales", decoderScales, "1 to 4")
        let tails: [PixelDecoderTap] = [.lay3, .lay4, .dcn]
        try ConfigurationError.require(
            pixelDecoderTaps == [.input] + tails || pixelDecoderTaps == [.lay2] + tails,
            "fpn_taps", pixelDecoderTaps.map(\.rawValue),
            "lay2, lay3, lay4, dcn or input, lay3, lay4, dcn")
        try ConfigurationError.require(
            initialTarget.isFinite, "tgt_init", initialTarget, "a finite number")
        try ConfigurationError.require(
            labelPropagationScale >= 1 && labelPropagationScale <= 64, "lprop_scale",
            labelPropagationScale, "1 to 64")
        try ConfigurationError.require(
            (1...16).contains(labelPropagationRounds), "stacked_lprop", labelPropagationRounds,
            "1 to 16")
        // Each round changes the map's size by a sixteenth of the scale.
        let growth = (0..<labelPropagationRounds).reduce(1) { size, _ in
            size * labelPropagationScale / 16
        }
        try ConfigurationError.require(
            growth <= 4, "stacked_lprop", labelPropagationRounds,
            "fewer: at a scale of \(labelPropagationScale) the maps grow \(growth) times")
        // The labels of a frame come from the others.
        try ConfigurationError.require(
            labelPropagation == .off || frames > 1, "lprop_mode", labelPropagation.rawValue,
            "0 where num_frames is 1")
        try preprocessing.validate()
    }
}

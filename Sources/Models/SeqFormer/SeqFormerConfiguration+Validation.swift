extension SeqFormerConfiguration {
    /// Checks that a model of this configuration can exist.
    ///
    /// - Throws: ``ConfigurationError`` for the first option that cannot be.
    public func validate() throws {
        // 32 groups of the projections' norms; sine and cosine along two axes.
        try ConfigurationError.require(
            (32...8192).contains(hiddenDimension) && hiddenDimension % 32 == 0, "hidden_dim",
            hiddenDimension, "a multiple of 32 up to 8192")
        try ConfigurationError.require(
            heads > 0 && hiddenDimension % heads == 0, "nheads", heads,
            "a divisor of hidden_dim (\(hiddenDimension))")
        try ConfigurationError.require(
            (1...65536).contains(feedForwardDimension), "dim_feedforward", feedForwardDimension,
            "1 to 65536")
        try ConfigurationError.require(
            (0...100).contains(encoderLayers), "enc_layers", encoderLayers, "0 to 100")
        try ConfigurationError.require(
            (1...100).contains(decoderLayers), "dec_layers", decoderLayers, "1 to 100")
        try ConfigurationError.require(
            (3...8).contains(levels), "num_feature_levels", levels, "3 to 8")
        try ConfigurationError.require((1...64).contains(points), "n_points", points, "1 to 64")
        try ConfigurationError.require(
            (1...65536).contains(queries), "num_queries", queries, "1 to 65536")
        try ConfigurationError.require(
            (1...4096).contains(classes), "num_classes", classes, "1 to 4096")
        try inference.validate()
        try preprocessing.validate()
    }
}

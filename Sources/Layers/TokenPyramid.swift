import Tensor

/// Feature maps of several sizes as one sequence of tokens a frame: what multi-scale deformable
/// attention reads.
public struct TokenPyramid: Sendable {
    /// `[frames, tokens, channels]`: the maps of `levels` one after the other, each row by row.
    public let tokens: Tensor<Float>

    /// The sizes of the maps.
    public let levels: [MapSize]

    /// `[frames, tokens]`, true where a token is padding; nil where none is.
    public let paddingMask: Tensor<Bool>?

    /// `[levels, 2]` or `[frames, levels, 2]`: the share of each map's width and height that is no
    /// padding; nil where nothing is.
    public let validRatios: Tensor<Float>?

    /// The pyramid of `tokens` `[frames, tokens, channels]`.
    public init(
        tokens: Tensor<Float>, levels: [MapSize], paddingMask: Tensor<Bool>? = nil,
        validRatios: Tensor<Float>? = nil
    ) {
        precondition(
            tokens.rank == 3 && levels.reduce(0) { $0 + $1.count } == tokens.shape[1],
            "TokenPyramid: maps of \(levels) do not make up tokens \(tokens.shape)")
        precondition(
            paddingMask.map { $0.shape == Array(tokens.shape[..<2]) } ?? true,
            "TokenPyramid: paddingMask \(paddingMask?.shape ?? []) does not fit \(tokens.shape)")
        self.tokens = tokens
        self.levels = levels
        self.paddingMask = paddingMask
        self.validRatios = validRatios
    }

    /// The same maps with other tokens of the same shape.
    public func replacing(tokens: Tensor<Float>) -> TokenPyramid {
        TokenPyramid(
            tokens: tokens, levels: levels, paddingMask: paddingMask, validRatios: validRatios)
    }
}

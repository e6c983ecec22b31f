import Layers
import Tensor

/// Where the tokens of a frame lie: the levels' sizes, their padding, their positions.
///
/// Frames of one size and one padding share it.
public struct SeqFormerLayout: Sendable {
    /// The size of each level, fine to coarse.
    public let levels: [MapSize]

    /// `[height, width]` of each level, true where a pixel is padding; `nil` where none is.
    public let paddingMasks: [Tensor<Bool>]?

    /// The part of each level that is no padding, `[levels, 2]`: along x, along y. Counted in the first
    /// row and column, as the official code does.
    public let validRatios: Tensor<Float>

    /// The layout of levels of these sizes for frames with the padding `mask`, `[height, width]`.
    init(levels: [MapSize], paddingMask mask: Tensor<Bool>?) {
        self.init(
            levels: levels,
            paddingMasks: mask.map { mask in
                levels.map { level in
                    resizedNearest(
                        mask.expandedDimensions(axis: 0), height: level.height, width: level.width
                    ).squeezed(axis: 0)
                }
            })
    }

    /// The layout of levels of these sizes with the padding of each, `[height, width]`.
    init(levels: [MapSize], paddingMasks: [Tensor<Bool>]?) {
        self.levels = levels
        self.paddingMasks = paddingMasks
        let ratios = levels.indices.flatMap { index -> [Float] in
            guard let mask = paddingMasks?[index] else { return [1, 1] }
            func share(_ line: Tensor<Bool>) -> Float {
                Float(line.scalars.count { !$0 }) / Float(line.count)
            }
            return [share(mask[0]), share(mask.transposed(1, 0)[0])]
        }
        validRatios = Tensor(ratios, shape: [levels.count, 2])
    }

    /// How many tokens a frame has.
    public var tokens: Int { levels.reduce(0) { $0 + $1.height * $1.width } }

    /// Which of a frame's tokens are those of `level`.
    func range(of level: Int) -> Range<Int> {
        let start = levels[..<level].reduce(0) { $0 + $1.height * $1.width }
        return start..<start + levels[level].height * levels[level].width
    }

    /// The part of `tokens`, `[frames, tokens, channels]`, that is a level's map,
    /// `[frames, height, width, channels]`.
    func map(_ level: Int, of tokens: Tensor<Float>) -> Tensor<Float> {
        let size = levels[level]
        return tokens.sliced(axis: 1, range(of: level))
            .reshaped(tokens.shape[0], size.height, size.width, -1)
    }

    /// `[tokens]`, true where a token is padding; `nil` where none is.
    var keyPaddingMask: Tensor<Bool>? {
        paddingMasks.map { masks in concatenated(masks.map { $0.reshaped($0.count) }, axis: 0) }
    }

    /// `tokens`, `[frames, tokens, channels]`, as what attention reads.
    func pyramid(of tokens: Tensor<Float>) -> TokenPyramid {
        TokenPyramid(
            tokens: tokens, levels: levels,
            paddingMask: keyPaddingMask.map { mask in
                stacked([Tensor](repeating: mask, count: tokens.shape[0]))
            }, validRatios: validRatios)
    }

    /// The waves of each level's pixels, `[height, width, channels]`.
    func positions(channels: Int) -> [Tensor<Float>] {
        let encoding = PositionEncoding2D(features: channels / 2)
        return levels.indices.map { index in
            paddingMasks.map { encoding(mask: $0[index]) }
                ?? encoding(height: levels[index].height, width: levels[index].width)
        }
    }

    /// The centre of each token's pixel as shares of the valid area, `[tokens, 2]`: x, y.
    var centers: Tensor<Float> { Self.centers(levels, validRatios) }

    static func centers(_ levels: [MapSize], _ validRatios: Tensor<Float>) -> Tensor<Float> {
        let ratios = validRatios.scalars
        var values: [Float] = []
        for (index, level) in levels.enumerated() {
            let width = ratios[2 * index] * Float(level.width)
            let height = ratios[2 * index + 1] * Float(level.height)
            for row in 0..<level.height {
                for column in 0..<level.width {
                    values.append((Float(column) + 0.5) / width)
                    values.append((Float(row) + 0.5) / height)
                }
            }
        }
        return Tensor(values, shape: [values.count / 2, 2])
    }
}

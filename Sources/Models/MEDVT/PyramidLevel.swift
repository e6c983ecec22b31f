import Layers
import Tensor

/// What belongs to one resolution of the backbone, whatever features are looked at on it: its size, its
/// padding and its positions.
struct PyramidLevel: Sendable {
    let frames: Int
    let height: Int
    let width: Int

    /// `[frames, height, width]`, true where a pixel is padding; `nil` where none is.
    let paddingMask: Tensor<Bool>?

    private let encoding: PositionEncoding3D

    /// The level of `map`, `[frames, height, width, channels]`, of a clip with the given padding.
    init(of map: Tensor<Float>, clipMask: Tensor<Bool>?, channels: Int) {
        frames = map.shape[0]
        height = map.shape[1]
        width = map.shape[2]
        paddingMask = clipMask.map {
            resizedNearest($0, height: map.shape[1], width: map.shape[2])
        }
        encoding = PositionEncoding3D(features: channels / 3)
    }

    /// How many tokens the level has.
    var tokens: Int { frames * height * width }

    /// The mask of the tokens that attention ignores, `[tokens]`.
    var keyPaddingMask: Tensor<Bool>? { paddingMask?.reshaped(tokens) }

    /// The positions of its tokens, `[tokens, channels]`. Computed at each call: keep what is used twice.
    func positions() -> Tensor<Float> {
        (paddingMask.map { encoding(mask: $0) }
            ?? encoding(frames: frames, height: height, width: width)).reshaped(tokens, -1)
    }

    /// The positions as the official code has them, `[1, frames, channels, height, width]`.
    var officialPositions: Tensor<Float> {
        positions().reshaped(1, frames, height, width, -1).transposed(0, 1, 4, 2, 3)
    }
}

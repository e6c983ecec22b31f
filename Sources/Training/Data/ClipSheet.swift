import Models
import Tensor

/// Training clips as a picture to look at: a clip a row, each frame with its mask in red.
public enum ClipSheet {
    /// How many clips are drawn.
    private static let rows = 12

    /// The first clips of the data, `[height, width, 3]`.
    public static func draw(_ data: TrainingData) throws -> Tensor<UInt8> {
        let clips = try (0..<rows).map { try data.clip(step: $0, index: 0) }
        let first = clips[0].frames.shape
        let (frames, height, width) = (first[0], first[1], first[2])
        var sheet = Tensor<UInt8>(zeros: [rows * height, frames * width, 3])
        sheet.withUnsafeMutableBuffer { sheet in
            for (row, clip) in clips.enumerated() {
                draw(clip, data.preprocessing, into: sheet, row: row)
            }
        }
        return sheet
    }

    private static func draw(
        _ clip: TrainingClip, _ preprocessing: Preprocessing,
        into sheet: UnsafeMutableBufferPointer<UInt8>, row: Int
    ) {
        let shape = clip.frames.shape
        let (frames, height, width) = (shape[0], shape[1], shape[2])
        let (pixels, masks) = (clip.frames.scalars, clip.masks.scalars)
        for frame in 0..<frames {
            for y in 0..<height {
                for x in 0..<width {
                    let from = (frame * height + y) * width + x
                    let to = ((row * height + y) * frames + frame) * width + x
                    for channel in 0..<3 {
                        let value =
                            pixels[3 * from + channel] * preprocessing.standardDeviation[channel]
                            + preprocessing.mean[channel]
                        let shown = min(max(value * preprocessing.pixelRange, 0), 255)
                        let tint: Float = channel == 0 ? 255 : 0
                        sheet[3 * to + channel] = UInt8(
                            masks[from] > 0.5 ? 0.55 * shown + 0.45 * tint : shown)
                    }
                }
            }
        }
    }
}

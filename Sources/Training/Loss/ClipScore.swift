import Tensor

/// How well logits fit masks: the region similarity J of each frame (Perazzi et al., 2016).
struct ClipScore {
    /// For each frame the pixels of the intersection over those of the union; 1 where both are empty.
    let overlaps: [Double]

    /// - Parameters:
    ///   - logits: `[frames, height, width, 1]`, foreground above 0.
    ///   - masks: `[frames, height, width]`, 0 or 1.
    init(logits: Tensor<Float>, masks: Tensor<Float>) {
        let frames = masks.shape[0]
        let pixels = masks.count / max(1, frames)
        precondition(
            logits.count == masks.count, "ClipScore: logits \(logits.shape), masks \(masks.shape)")
        overlaps = logits.withUnsafeBuffer { logits in
            masks.withUnsafeBuffer { masks in
                (0..<frames).map { frame in
                    var (both, either) = (0, 0)
                    for index in frame * pixels..<(frame + 1) * pixels {
                        let (a, b) = (logits[index] > 0, masks[index] > 0.5)
                        both += a && b ? 1 : 0
                        either += a || b ? 1 : 0
                    }
                    return either == 0 ? 1 : Double(both) / Double(either)
                }
            }
        }
    }

    /// The mean of the frames.
    var overlap: Double { overlaps.reduce(0, +) / Double(max(1, overlaps.count)) }
}

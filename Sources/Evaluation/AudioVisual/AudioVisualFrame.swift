import Tensor

/// The scores of one frame's mask of what sounds (`utility.py` of AVSBench).
struct AudioVisualFrame: Sendable {
    /// How many thresholds of the F-measure there are.
    static let thresholds = 255

    /// The overlap at probability 0.5.
    let overlap: Float

    /// The F-measure at each threshold; nil where nothing sounds, which the F-measure passes over.
    let measures: [Float]?

    /// - Parameters:
    ///   - prediction: probabilities in 255ths, `[height, width]`.
    ///   - truth: what sounds, not 0.
    init(prediction: Tensor<UInt8>, truth: Tensor<UInt8>) {
        // Pixels of each level, outside and inside of what sounds.
        var outside = [Int](repeating: 0, count: 256)
        var inside = [Int](repeating: 0, count: 256)
        prediction.withUnsafeBuffer { prediction in
            truth.withUnsafeBuffer { truth in
                for pixel in prediction.indices {
                    let level = Int(prediction[pixel])
                    if truth[pixel] == 0 { outside[level] += 1 } else { inside[level] += 1 }
                }
            }
        }
        let sounding = inside.reduce(0, +)
        let total = sounding + outside.reduce(0, +)
        // Above one half: from 128 of 255 on.
        let hits = inside[128...].reduce(0, +)
        let alarms = outside[128...].reduce(0, +)
        // Where nothing sounds, the pixels that are rightly empty are over all pixels.
        overlap =
            sounding == 0
            ? Float(total - alarms) / Float(total) : Float(hits) / Float(sounding + alarms)
        guard sounding > 0 else {
            measures = nil
            return
        }
        measures = (0..<Self.thresholds).map { step in
            // A level is at or above the threshold step / 254; the last one is 1, as 1 - 1e-10 is in single precision.
            let least = (step * 255 + 253) / 254
            let right = Float(inside[least...].reduce(0, +))
            let taken = right + Float(outside[least...].reduce(0, +))
            let precision = right / (taken + 1e-20)
            let recall = right / (Float(sounding) + 1e-20)
            let measure = 1.3 * precision * recall / (0.3 * precision + recall)
            return measure.isNaN ? 0 : measure
        }
    }
}

/// The means over the frames of one batch of videos.
struct AudioVisualBatch: Sendable {
    let overlap: Double
    let measure: Double

    init(_ frames: [AudioVisualFrame]) {
        overlap = Double(frames.reduce(0) { $0 + $1.overlap } / Float(frames.count))
        let measured = frames.compactMap(\.measures)
        // The best threshold is chosen for each batch; a batch in which nothing sounds counts as 0.
        measure =
            (0..<AudioVisualFrame.thresholds).map { step in
                Double(measured.reduce(0) { $0 + $1[step] } / Float(max(1, measured.count)))
            }.max() ?? 0
    }
}

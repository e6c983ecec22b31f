import Tensor

/// The scores of one frame's mask of what sounds (`utility.py` of AVSBench).
package struct AudioVisualFrame: Sendable {
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
        self.init(
            outside: (outside.reduce(0, +), outside[128...].reduce(0, +)),
            inside: (inside.reduce(0, +), inside[128...].reduce(0, +))
        ) { step in
            // A level is at or above the threshold step / 254; the last one is 1, as 1 - 1e-10 is in single precision.
            let least = (step * 255 + 253) / 254
            return (outside[least...].reduce(0, +), inside[least...].reduce(0, +))
        }
    }

    /// The same of probabilities that were not cut to 8 bits, `[height, width]`.
    package init(probabilities: Tensor<Float>, truth: Tensor<Float>) {
        let pixels = zip(probabilities.scalars, truth.scalars).map { ($0, $1 != 0) }
        func count(_ test: (Float) -> Bool) -> (outside: Int, inside: Int) {
            let taken = pixels.filter { test($0.0) }
            let inside = taken.count { $0.1 }
            return (taken.count - inside, inside)
        }
        let (all, above) = (count { _ in true }, count { $0 > 0.5 })
        // From 0 to 1 in even steps, counted from the nearer end.
        let step = Float(1) / Float(Self.thresholds - 1)
        self.init(outside: (all.outside, above.outside), inside: (all.inside, above.inside)) {
            place in
            let threshold =
                place < Self.thresholds / 2
                ? step * Float(place) : 1 - step * Float(Self.thresholds - 1 - place)
            return count { $0 >= threshold }
        }
    }

    /// - Parameters:
    ///   - outside: how many pixels are outside of what sounds, and how many of them are above one half.
    ///   - inside: the same inside.
    ///   - taken: how many pixels outside and inside are at or above a threshold.
    private init(
        outside: (count: Int, above: Int), inside: (count: Int, above: Int),
        taken: (_ threshold: Int) -> (outside: Int, inside: Int)
    ) {
        // Where nothing sounds, the pixels that are rightly empty are over all pixels.
        overlap =
            inside.count == 0
            ? Float(outside.count - outside.above) / Float(outside.count)
            : Float(inside.above) / Float(inside.count + outside.above)
        guard inside.count > 0 else {
            measures = nil
            return
        }
        measures = (0..<Self.thresholds).map { step in
            let taken = taken(step)
            let right = Float(taken.inside)
            let precision = right / (Float(taken.inside + taken.outside) + 1e-20)
            let recall = right / (Float(inside.count) + 1e-20)
            let measure = 1.3 * precision * recall / (0.3 * precision + recall)
            return measure.isNaN ? 0 : measure
        }
    }
}

/// The means over the frames of one batch of videos.
package struct AudioVisualBatch: Sendable {
    package let overlap: Double
    package let measure: Double

    package init(_ frames: [AudioVisualFrame]) {
        overlap = Double(frames.reduce(0) { $0 + $1.overlap } / Float(frames.count))
        let measured = frames.compactMap(\.measures)
        // The best threshold is chosen for each batch; a batch in which nothing sounds counts as 0.
        measure =
            (0..<AudioVisualFrame.thresholds).map { step in
                Double(measured.reduce(0) { $0 + $1[step] } / Float(max(1, measured.count)))
            }.max() ?? 0
    }
}

import Tensor

/// What a model says about one frame, at the size of the output.
public enum Prediction: Sendable {
    /// The probability of foreground at each pixel, `[height, width]`, of a model with one class.
    case foreground(Tensor<Float>)

    /// The most likely class at each pixel, `[height, width]`, of a model with several.
    case labels(Tensor<Int32>)
}

extension DenseSegmentationModel {
    /// Predictions for frames of a clip.
    ///
    /// As the official scripts do it: the logits of each look are enlarged to the output size by
    /// bilinear interpolation; then probabilities (one class) or logits (several) are averaged over the
    /// scales, and the mirrored looks merged with the others.
    ///
    /// - Parameters:
    ///   - clip: as many frames as the model wants.
    ///   - height: rows of the output.
    ///   - width: columns of the output.
    ///   - positions: which frames of the clip are wanted; the others cost nothing at output size.
    ///   - augmentation: how often and how the clip is looked at.
    ///   - recorder: keeps intermediate results; those of the last look win.
    public func predictions(
        for clip: Clip, height: Int, width: Int, positions: [Int],
        augmentation: TestTimeAugmentation = .none, recorder: Recorder? = nil
    ) -> [Prediction] {
        predictions(
            for: clip, height: height, width: width, positions: positions,
            augmentation: augmentation, recorder: recorder, keeping: nil)
    }

    /// The same, with the features of frames at each look, which are used where there is no recorder.
    func predictions(
        for clip: Clip, height: Int, width: Int, positions: [Int],
        augmentation: TestTimeAugmentation, recorder: Recorder?, keeping features: LooksFeatures?
    ) -> [Prediction] {
        func logits(_ clip: Clip, scale: Double, isMirrored: Bool) -> Tensor<Float> {
            let clip = clip.scaled(by: scale)
            if recorder == nil, let features = features?[scale, isMirrored: isMirrored] {
                return self(clip, keeping: features)
            }
            return self(clip, recorder: recorder)
        }
        if classes > 1, augmentation.passes == 1, augmentation.scales == [1] {
            let logits = logits(clip, scale: 1, isMirrored: false)
            return positions.map {
                .labels(argMaxAfterResizing(logits[$0], height: height, width: width))
            }
        }
        var scores = averagedScores(height, width, positions, augmentation.scales) {
            logits(clip, scale: $0, isMirrored: false)
        }
        if let merge = augmentation.flip {
            let clip = clip.mirrored()
            let mirrored = averagedScores(height, width, positions, augmentation.scales) {
                logits(clip, scale: $0, isMirrored: true)
            }.flipped(axis: 2)
            switch merge {
            case .mean:
                scores += mirrored
                scores *= 0.5
            case .maximum: scores = maximum(scores, mirrored)
            }
        }
        return positions.indices.map { index in
            classes == 1
                ? .foreground(scores[index].squeezed(axis: 2))
                : .labels(scores[index].argMax(axis: 2))
        }
    }

    /// `[positions, height, width, classes]`: 787 MB for six frames of 854x480 and 80 classes, so the looks
    /// are added up in place.
    private func averagedScores(
        _ height: Int, _ width: Int, _ positions: [Int], _ scales: [Double],
        logits: (_ scale: Double) -> Tensor<Float>
    ) -> Tensor<Float> {
        var total: Tensor<Float>?
        for scale in scales {
            let kept = takeRows(logits(scale), positions)
            let enlarged = resizedBilinear(kept, height: height, width: width)
            let scores = classes == 1 ? sigmoid(enlarged) : enlarged
            if total == nil { total = scores } else { total? += scores }
        }
        guard var total else { preconditionFailure("predictions: no scale") }
        total /= Tensor([Float(scales.count)], shape: [])
        return total
    }
}

/// The index of the largest channel of `logits`, `[h, w, classes]`, after enlarging them.
///
/// Some classes are enlarged at a time: all 80 of an actor-action model would take 131 MB a frame of
/// 854x480. The first of equal channels counts.
func argMaxAfterResizing(_ logits: Tensor<Float>, height: Int, width: Int) -> Tensor<Int32> {
    let step = 8
    let classes = logits.shape[2]
    var best = [Float](repeating: -.infinity, count: height * width)
    var labels = [Int32](repeating: 0, count: height * width)
    for first in stride(from: 0, to: classes, by: step) {
        let part = logits.sliced(axis: 2, first..<min(first + step, classes))
        let enlarged = resizedBilinear(
            part.contiguous().expandedDimensions(axis: 0), height: height, width: width
        ).squeezed(axis: 0)
        let channel = enlarged.argMax(axis: 2)
        let value = enlarged.max(axis: 2)
        value.withUnsafeBuffer { values in
            channel.withUnsafeBuffer { channels in
                for pixel in 0..<best.count where values[pixel] > best[pixel] {
                    best[pixel] = values[pixel]
                    labels[pixel] = Int32(first) + channels[pixel]
                }
            }
        }
    }
    return Tensor(labels, shape: [height, width])
}

import Tensor

extension MEDVT {
    /// The logits of the head, averaged with those that label propagation makes of them.
    func logits(of features: consuming Tensor<Float>, _ recorder: Recorder?) -> Tensor<Float> {
        guard let labelPropagator else { return head(features, recorder: recorder) }
        let (height, width) = (features.shape[1], features.shape[2])
        // The wide features are given up before the head runs: propagation needs them small.
        var size = (height: height, width: width)
        let rounds = (0..<configuration.labelPropagationRounds).map { _ in
            size = labelPropagator.propagationSize(height: size.height, width: size.width)
            return resizedNearest(features, height: size.height, width: size.width)
        }
        let direct = head(features, recorder: recorder)
        recorder?.record("masks_before_lprop") { direct.batchedVolume }
        let propagated = rounds.reduce(direct) { logits, features in
            labelPropagator(logits, features: features, recorder: recorder)
        }
        // The smaller one is enlarged to the other.
        if size.height + size.width > height + width {
            return mean(resizedNearest(direct, height: size.height, width: size.width), propagated)
        }
        return mean(direct, resizedNearest(propagated, height: height, width: width))
    }

    private func mean(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> { (a + b) * 0.5 }
}

import Tensor

extension MEDVT {
    /// The logits of the head, averaged with those that label propagation makes of them.
    func logits(of features: consuming Tensor<Float>, _ recorder: Recorder?) -> Tensor<Float> {
        guard let labelPropagator else { return direct(features, recorder) }
        let (height, width) = (features.shape[1], features.shape[2])
        // The wide features are given up before the head runs: propagation needs them small.
        var size = (height: height, width: width)
        let rounds = (0..<configuration.labelPropagationRounds).map { _ in
            size = labelPropagator.propagationSize(height: size.height, width: size.width)
            return resizedNearest(features, height: size.height, width: size.width)
        }
        let direct = direct(features, recorder)
        recorder?.record("masks_before_lprop") { direct.batchedVolume }
        let propagated = recorder.stage("label propagation") {
            rounds.reduce(direct) { logits, features in
                labelPropagator(logits, features: features, recorder: recorder)
            }
        }
        // The smaller one is enlarged to the other.
        if size.height + size.width > height + width {
            return mean(resizedNearest(direct, height: size.height, width: size.width), propagated)
        }
        return mean(direct, resizedNearest(propagated, height: height, width: width))
    }

    private func direct(
        _ features: consuming Tensor<Float>, _ recorder: Recorder?
    ) -> Tensor<Float> {
        // No closure: it would keep the features alive until the head is done.
        let outer = recorder?.clock?.begin("3-D head")
        defer { recorder?.clock?.resume(outer) }
        return head(features, recorder: recorder)
    }

    private func mean(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> { (a + b) * 0.5 }
}

import Tensor

/// How far logits are from the masks that they ought to give.
package struct SegmentationLoss {
    let configuration: LossConfiguration

    package init(configuration: LossConfiguration) { self.configuration = configuration }

    /// The loss of `logits`, `[frames, h, w, 1]`, for the masks of `clip`, as a tensor with one element.
    ///
    /// Logits are enlarged to the masks' size: a border is learned where it lies.
    package func callAsFunction(_ logits: Tensor<Float>, _ clip: TrainingClip) -> Tensor<Float> {
        let (height, width) = (clip.masks.shape[1], clip.masks.shape[2])
        let enlarged = resizedBilinear(logits, height: height, width: width).reshaped(-1)
        let targets = clip.masks.reshaped(-1)
        let weights = clip.weights?.reshaped(-1) ?? Tensor(repeating: 1, shape: targets.shape)
        let probabilities = sigmoid(enlarged)
        var loss = Tensor<Float>(zeros: [])
        if configuration.pixelWeight > 0 {
            let pixels = pixelLoss(enlarged, probabilities, targets) * weights
            let count = max(1, weights.sum(axis: 0).scalar)
            loss = loss + pixels.sum(axis: 0) * (Float(configuration.pixelWeight) / count)
        }
        if configuration.diceWeight > 0 {
            loss =
                loss + dice(probabilities * weights, targets * weights)
                * Float(configuration.diceWeight)
        }
        return loss
    }

    /// The loss of each pixel, `[pixels]`.
    private func pixelLoss(
        _ logits: Tensor<Float>, _ probabilities: Tensor<Float>, _ targets: Tensor<Float>
    ) -> Tensor<Float> {
        // -log of the probability of the right class, in a form that no logit overflows.
        let entropy = relu(logits) - logits * targets + log(exp(-abs(logits)) + 1)
        guard configuration.pixelLoss == .focal else { return entropy }
        let right = probabilities * targets + (1 - probabilities) * (1 - targets)
        let balance = Float(configuration.focalBalance)
        let balances = targets * balance + (1 - targets) * (1 - balance)
        return power(1 - right, Float(configuration.focalExponent)) * entropy * balances
    }

    private func power(_ x: Tensor<Float>, _ exponent: Float) -> Tensor<Float> {
        exponent == 2 ? x * x : exp(log(x + 1e-12) * exponent)
    }

    /// One less twice the overlap over the sum of both areas, each plus 1.
    private func dice(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
        let overlap = (a * b).sum(axis: 0) * 2 + 1
        return 1 - overlap / (a.sum(axis: 0) + b.sum(axis: 0) + 1)
    }
}

import Checkpoints
import Gradients
import Models
import Tensor

/// A model in training: its parameters, and steps that move them.
struct Trainer: Sendable {
    /// What happened in a step.
    struct StepReport: Sendable {
        /// The mean loss of the step's clips.
        let loss: Double
        /// The intersection over the union of masks and thresholded logits, mean of the clips.
        let overlap: Double
        /// The norm of the gradient before it was limited; `nil` where the step was left out.
        let gradientNorm: Double?
        let learningRate: Double
    }

    let model: TrainableModel
    let recipe: TrainingRecipe

    /// Tensors that stay as they are.
    let frozen: [String: Tensor<Float>]

    var optimizer: AdamW

    /// Begins with these tensors of a model.
    init(_ recipe: TrainingRecipe, _ model: TrainableModel, weights: [String: Tensor<Float>]) {
        let groups = ParameterGroup.all(of: weights.keys)
        var moving = weights.filter { groups[$0.key] != .frozen }
        frozen = weights.filter { groups[$0.key] == .frozen }
        if recipe.loss.auxiliaryWeight > 0 {
            moving.merge(
                AuxiliaryHeads.initialValues(channels: model.configuration.hiddenDimension)
            ) { $1 }
        }
        self.recipe = recipe
        self.model = model
        optimizer = AdamW(
            moving.reduce(into: [:]) {
                $0[$1.key] = .init($1.value, group: groups[$1.key] ?? .head)
            }, recipe.optimizer)
    }

    /// How many steps have been taken, those that were left out included.
    var step = 0

    /// One step on `clips`: their gradients are averaged.
    ///
    /// Where a loss or gradient is no finite number, no parameter moves.
    mutating func step(on clips: [TrainingClip]) throws -> StepReport {
        let rate =
            recipe.optimizer.learningRate * recipe.schedule.factor(step: step, of: recipe.steps)
        let names = optimizer.parameters.keys.sorted()
        // Those that stay are parameters too, so that what they are multiplied with is traced.
        let traced = optimizer.parameters.mapValues(\.value).merging(frozen) { $1 }
            .mapValues { $0.asParameter() }
        let network = try model.model(
            from: TensorSource(traced.filter { !AuxiliaryHeads.owns($0.key) }))
        let parameters = names.compactMap { traced[$0] }
        var sums: [Tensor<Float>] = []
        var (loss, overlap) = (0.0, 0.0)
        for clip in clips {
            let (value, logits) = self.loss(of: clip, network, traced)
            loss += Double(value.scalar) / Double(clips.count)
            overlap += Self.overlap(logits, clip) / Double(clips.count)
            let parts = gradients(of: value, withRespectTo: parameters)
            if sums.isEmpty {
                sums = parts
            } else {
                for index in sums.indices { sums[index] += parts[index] }
            }
        }
        step += 1
        let share = 1 / Float(clips.count)
        let means = Dictionary(
            uniqueKeysWithValues: zip(names, sums).map { ($0, clips.count > 1 ? $1 * share : $1) })
        let norm = loss.isFinite ? optimizer.step(means, rate: rate) : loss
        return StepReport(
            loss: loss, overlap: overlap, gradientNorm: norm.isFinite ? norm : nil,
            learningRate: rate)
    }

    /// The loss of a clip, one element, and the logits.
    private func loss(
        of clip: TrainingClip, _ network: MEDVT, _ parameters: [String: Tensor<Float>]
    ) -> (loss: Tensor<Float>, logits: Tensor<Float>) {
        let measure = SegmentationLoss(configuration: recipe.loss)
        let weight = Float(recipe.loss.auxiliaryWeight)
        let recorder = Recorder(names: weight > 0 ? Set(AuxiliaryHeads.maps) : [])
        let logits = network(Clip(frames: clip.frames), recorder: recorder)
        var loss = measure(logits, clip)
        for auxiliary in AuxiliaryHeads.logits(recorder, parameters) {
            loss = loss + measure(auxiliary, clip) * weight
        }
        return (loss, logits.detached())
    }

    private static func overlap(_ logits: Tensor<Float>, _ clip: TrainingClip) -> Double {
        let (height, width) = (clip.masks.shape[1], clip.masks.shape[2])
        return ClipScore(
            logits: resizedBilinear(logits, height: height, width: width), masks: clip.masks
        ).overlap
    }

    /// The tensors of the model as it is to be used: the moving averages where there are any.
    var weights: [String: Tensor<Float>] {
        let averaged = recipe.optimizer.averageDecay > 0
        return optimizer.parameters.filter { !AuxiliaryHeads.owns($0.key) }
            .mapValues { averaged ? $0.average : $0.value }
            .merging(frozen) { $1 }
    }
}

import Checkpoints
import Models
import Tensor

/// A model of the registry whose every operation has a gradient, and how to build it from parameters.
struct TrainableModel: Sendable {
    let configuration: MEDVTConfiguration

    /// Finds the model that a recipe names.
    ///
    /// - Throws: ``TrainingError`` for a model with parts whose gradients are not known.
    init(_ configuration: any ModelConfiguration) throws {
        let family = type(of: configuration).family
        guard let medvt = configuration as? MEDVTConfiguration else {
            throw TrainingError.untrainable(
                model: family,
                reason:
                    "the losses here are those of foreground and background, not of objects; MED-VT can"
            )
        }
        guard medvt.classes == 1 else {
            throw TrainingError.untrainable(
                model: "MED-VT with \(medvt.classes) classes",
                reason: "the losses are those of foreground and background; set num_classes to 1")
        }
        self.configuration = medvt
    }

    /// Builds the model of the tensors of `source`.
    func model(from source: TensorSource) throws -> MEDVT {
        let weights = WeightScope(source)
        let model = try MEDVT(configuration, weights: weights)
        try weights.finish()
        return model
    }
}

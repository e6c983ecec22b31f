import Checkpoints
import Gradients
import Models
import Tensor
import TestSupport
import Testing

/// The gradients of all parameters of a model, held against its results some way up and down a random half of each.
struct ParameterGradients {
    /// What the model of traced parameters gives.
    let result: Tensor<Float>

    /// The tensors that change nothing.
    private(set) var silent: [String] = []

    /// How far each change was from what the gradient says, as a share of it; in order.
    private(set) var errors: [Double] = []

    /// Single precision, and models full of kinks: a step changes the loss by a hundredth, of which its rounding
    /// is about 1e-5, and a few of the thousands of units cross a kink, worth a few percent where only a few
    /// channels carry the change. Half of all tensors should be good to one percent: see ``errors``.
    init(
        of weights: TensorSource, seed: UInt64, model: (TensorSource) throws -> Tensor<Float>
    ) throws {
        let names = weights.tensors.keys.sorted()
        var traced = weights
        traced.tensors = weights.tensors.mapValues { $0.asParameter() }
        let traceable = try model(traced)
        result = traceable.detached()
        let g = Tensor.random(result.shape, seed: seed)
        let found = gradients(
            of: traceable, weightedBy: g, withRespectTo: names.compactMap { traced.tensors[$0] })

        var generator = SeededRandom(seed + 1)
        for (name, gradient) in zip(names, found) {
            let value = try #require(weights.tensors[name])
            #expect(gradient.shape == value.shape)
            if Self.length(gradient) < 1e-3 { silent.append(name) }
            // Along a random half of the gradient, so that its shape counts too.
            let half = gradient * generator.tensor(value.shape).clipped(min: 0)
            let direction = half / max(1e-6, Self.length(half))
            let slope = weightedSum(gradient, direction)
            let step = Float(min(2e-3, 0.01 / max(1e-6, slope)))
            func loss(_ step: Float) throws -> Double {
                var moved = weights
                moved.tensors[name] = value + direction * step
                return weightedSum(g, try model(moved))
            }
            let change = try loss(step) - loss(-step)
            let expected = 2 * Double(step) * slope
            #expect(abs(change - expected) < 0.05 * expected + 2e-5, "\(name)")
            errors.append(abs(change - expected) / expected)
        }
        errors.sort()
    }

    private static func length(_ x: Tensor<Float>) -> Float {
        Float(weightedSum(x, x).squareRoot())
    }
}

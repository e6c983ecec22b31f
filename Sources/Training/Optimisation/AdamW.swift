import Kernels
import Tensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Parameters that follow their gradients by AdamW (Loshchilov and Hutter, "Decoupled Weight Decay
/// Regularization", 2019), with a moving average of them.
package struct AdamW: Sendable {
    /// A parameter and what belongs to it; all tensors have its shape.
    package struct Parameter: Sendable {
        package var value: Tensor<Float>
        package var firstMoment: Tensor<Float>
        package var secondMoment: Tensor<Float>
        package var average: Tensor<Float>
        let group: ParameterGroup

        package init(_ value: Tensor<Float>, group: ParameterGroup) {
            self.value = value.contiguous()
            firstMoment = Tensor(zeros: value.shape)
            secondMoment = firstMoment
            average = self.value
            self.group = group
        }
    }

    let configuration: OptimizerConfiguration

    /// By name; those that move.
    package var parameters: [String: Parameter]

    /// How many steps have been taken.
    var steps = 0

    package init(_ parameters: [String: Parameter], _ configuration: OptimizerConfiguration) {
        self.configuration = configuration
        self.parameters = parameters
    }

    /// Moves all parameters by one step.
    ///
    /// - Parameters:
    ///   - gradients: one for each parameter, by name.
    ///   - rate: the learning rate of this step.
    /// - Returns: the norm of the gradients before they were limited. Where it is no finite number, nothing
    ///   has moved.
    package mutating func step(_ gradients: [String: Tensor<Float>], rate: Double) -> Double {
        let norm = Self.norm(of: gradients)
        guard norm.isFinite else { return norm }
        let limit = configuration.gradientClip
        let scale = limit > 0 && norm > limit ? limit / norm : 1
        steps += 1
        for name in parameters.keys.sorted() {
            guard let gradient = gradients[name] else { continue }
            // Taken out while it is written: memory that the dictionary shares would be copied.
            guard var parameter = parameters.removeValue(forKey: name) else { continue }
            move(&parameter, gradient, rate: rate, gradientScale: Float(scale))
            parameters[name] = parameter
        }
        return norm
    }

    private func move(
        _ parameter: inout Parameter, _ gradient: Tensor<Float>, rate: Double, gradientScale: Float
    ) {
        precondition(
            gradient.shape == parameter.value.shape,
            "AdamW: a gradient of shape \(gradient.shape) for a parameter of \(parameter.value.shape)"
        )
        let rate = parameter.group == .backbone ? rate * configuration.backboneFactor : rate
        let decay = parameter.value.rank > 1 ? configuration.weightDecay : 0
        let (beta1, beta2) = (configuration.beta1, configuration.beta2)
        let step = AdamWStep(
            shrinkage: Float(1 - rate * decay),
            rate: Float(rate / (1 - pow(beta1, Double(steps)))),
            secondMomentScale: Float(1 / (1 - pow(beta2, Double(steps))).squareRoot()),
            firstDecay: Float(beta1), secondDecay: Float(beta2),
            epsilon: Float(configuration.epsilon), gradientScale: gradientScale)
        let share = Float(1 - averageDecay)
        gradient.withUnsafeBuffer { gradients in
            parameter.firstMoment.withUnsafeMutableBuffer { first in
                parameter.secondMoment.withUnsafeMutableBuffer { second in
                    parameter.value.withUnsafeMutableBuffer { values in
                        guard let gradients = gradients.baseAddress, let first = first.baseAddress,
                            let second = second.baseAddress, let start = values.baseAddress
                        else { return }
                        step(
                            count: values.count, parameters: start, gradients: gradients,
                            firstMoments: first, secondMoments: second)
                    }
                }
            }
        }
        parameter.value.withUnsafeBuffer { values in
            parameter.average.withUnsafeMutableBuffer { average in
                guard let values = values.baseAddress, let start = average.baseAddress else {
                    return
                }
                moveAverage(count: average.count, start, towards: values, share: share)
            }
        }
    }

    private var averageDecay: Double {
        min(configuration.averageDecay, Double(1 + steps) / Double(10 + steps))
    }

    /// The length of all gradients as one vector.
    private static func norm(of gradients: [String: Tensor<Float>]) -> Double {
        gradients.keys.sorted().reduce(0.0) { sum, name in
            sum
                + (gradients[name].map { gradient in
                    Double((gradient * gradient).reshaped(-1).sum(axis: 0).scalar)
                } ?? 0)
        }.squareRoot()
    }
}

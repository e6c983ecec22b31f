import Kernels
import Tensor

/// The gradients of a layer norm along the last axis.
///
/// - Parameters:
///   - weight: The factor of each channel, 1 where absent.
///   - gradient: By the result, of the shape of `x`.
/// - Returns: The gradients by `x`, and by weight and bias of every channel, whether there are any or not.
package func layerNormGradients(
    x: Tensor<Float>, weight: Tensor<Float>?, epsilon: Float, gradient: Tensor<Float>
) -> (x: Tensor<Float>, weight: Tensor<Float>, bias: Tensor<Float>) {
    normGradients("layerNormGradients", x, weight, gradient) { channels, operand, weight, to in
        parallelLayerNormGradients(
            rows: x.count / channels, columns: channels, operand[0], weight: weight,
            epsilon: epsilon, gradient: operand[1], byX: to.x, byWeight: to.weight, byBias: to.bias)
    }
}

/// The gradients of a group norm of `[batch, ..., channels]`, without an activation.
///
/// - Parameters:
///   - weight: The factor of each channel, 1 where absent.
///   - gradient: By the result before its activation, of the shape of `x`.
/// - Returns: The gradients by `x`, and by weight and bias of every channel, whether there are any or not.
package func groupNormGradients(
    x: Tensor<Float>, groups: Int, weight: Tensor<Float>?, epsilon: Float, gradient: Tensor<Float>
) -> (x: Tensor<Float>, weight: Tensor<Float>, bias: Tensor<Float>) {
    normGradients("groupNormGradients", x, weight, gradient) { channels, operand, weight, to in
        parallelGroupNormGradients(
            batch: x.shape[0], positions: x.count / channels / x.shape[0], channels: channels,
            groups: groups, operand[0], weight: weight, epsilon: epsilon, gradient: operand[1],
            byX: to.x, byWeight: to.weight, byBias: to.bias)
    }
}

/// The addresses to which a norm's gradients go.
private struct NormTargets {
    let x: UnsafeMutablePointer<Float>
    let weight: UnsafeMutablePointer<Float>
    let bias: UnsafeMutablePointer<Float>
}

private func normGradients(
    _ operation: String, _ x: Tensor<Float>, _ weight: Tensor<Float>?, _ gradient: Tensor<Float>,
    _ compute: (Int, [UnsafePointer<Float>], UnsafePointer<Float>?, NormTargets) -> Void
) -> (x: Tensor<Float>, weight: Tensor<Float>, bias: Tensor<Float>) {
    let channels = x.shape.last ?? 0
    precondition(
        x.shape == gradient.shape && (weight.map { $0.shape == [channels] } ?? true),
        "\(operation): x \(x.shape), weight \(weight?.shape ?? []), gradient \(gradient.shape)")
    var byX = Tensor<Float>(shape: x.shape) { _ in }
    var byWeight = Tensor<Float>(zeros: [channels])
    var byBias = Tensor<Float>(zeros: [channels])
    guard x.count > 0 else { return (byX, byWeight, byBias) }
    withAddresses([x, gradient]) { operand in
        withOptionalAddress(weight) { weight in
            byX.withMutableAddress { toX in
                byWeight.withMutableAddress { toWeight in
                    byBias.withMutableAddress { toBias in
                        compute(
                            channels, operand, weight,
                            NormTargets(x: toX, weight: toWeight, bias: toBias))
                    }
                }
            }
        }
    }
    return (byX, byWeight, byBias)
}

import Kernels

/// The softmax of `x` along `axis`.
public func softmax(_ x: Tensor<Float>, axis: Int) -> Tensor<Float> {
    let axis = x.normalized(axis: axis, "softmax")
    guard axis == x.rank - 1 else {
        var order = Array(x.shape.indices)
        order.swapAt(axis, x.rank - 1)
        return softmax(x.transposed(axes: order), axis: -1).transposed(axes: order).contiguous()
    }
    let columns = x.shape[axis]
    return x.withUnsafeBuffer { source in
        Tensor(shape: x.shape) { buffer in
            guard let from = source.baseAddress, let to = buffer.baseAddress, !buffer.isEmpty
            else { return }
            parallelSoftmax(rows: buffer.count / columns, columns: columns, from, into: to)
        }
    }.traced(from: x, as: .softmax)
}

/// Normalises along the last axis to mean 0 and (biased) variance 1, then scales and shifts.
///
/// - Parameters:
///   - weight: The factor of each channel, 1 where absent.
///   - bias: Added to each channel.
public func layerNorm(
    _ x: Tensor<Float>, weight: Tensor<Float>?, bias: Tensor<Float>?, epsilon: Float = 1e-5
) -> Tensor<Float> {
    precondition(x.rank > 0, "layerNorm: a scalar has no channels")
    let channels = x.shape[x.rank - 1]
    requireChannels(channels, weight, bias, x.shape, "layerNorm")
    return x.withUnsafeBuffer { source in
        withOptionalBuffers(weight, bias) { weight, bias in
            Tensor(shape: x.shape) { buffer in
                guard let from = source.baseAddress, let to = buffer.baseAddress, !buffer.isEmpty
                else { return }
                parallelLayerNorm(
                    rows: buffer.count / channels, columns: channels, from, weight: weight,
                    bias: bias, epsilon: epsilon, into: to)
            }
        }
    }.traced(from: [x, weight, bias], as: .layerNorm(epsilon: epsilon))
}

/// Normalises each group of channels of each batch element over all its positions to mean 0 and
/// (biased) variance 1, then scales and shifts each channel. As many groups as channels: instance norm.
///
/// - Parameters:
///   - x: `[batch, ..., channels]`.
///   - weight: The factor of each channel, 1 where absent.
///   - bias: Added to each channel.
public func groupNorm(
    _ x: Tensor<Float>, groups: Int, weight: Tensor<Float>?, bias: Tensor<Float>?,
    epsilon: Float = 1e-5, activation: Activation = .none
) -> Tensor<Float> {
    precondition(x.rank >= 2, "groupNorm: \(x.shape) is not [batch, ..., channels]")
    let channels = x.shape[x.rank - 1]
    precondition(
        groups > 0 && channels % groups == 0,
        "groupNorm: \(channels) channels of \(x.shape) do not split into \(groups) groups")
    requireChannels(channels, weight, bias, x.shape, "groupNorm")
    if activation.needsItsArgument, [x, weight, bias].contains(where: { $0?.isTraced ?? false }) {
        return groupNorm(x, groups: groups, weight: weight, bias: bias, epsilon: epsilon)
            .applying(activation)
    }
    return x.withUnsafeBuffer { source in
        withOptionalBuffers(weight, bias) { weight, bias in
            Tensor(shape: x.shape) { buffer in
                guard let from = source.baseAddress, let to = buffer.baseAddress, !buffer.isEmpty
                else { return }
                parallelGroupNorm(
                    batch: x.shape[0], positions: buffer.count / channels / x.shape[0],
                    channels: channels, groups: groups, from, weight: weight, bias: bias,
                    epsilon: epsilon, activation: activation, into: to)
            }
        }
    }.traced(
        from: [x, weight, bias],
        as: .groupNorm(groups: groups, epsilon: epsilon, activation: activation))
}

private func requireChannels(
    _ channels: Int, _ weight: Tensor<Float>?, _ bias: Tensor<Float>?, _ shape: [Int],
    _ operation: String
) {
    for parameter in [weight, bias] {
        precondition(
            parameter.map { $0.shape == [channels] } ?? true,
            "\(operation): a parameter of shape \(parameter?.shape ?? []) does not fit \(shape)")
    }
}

private func withOptionalBuffers<Result>(
    _ a: Tensor<Float>?, _ b: Tensor<Float>?,
    _ body: (UnsafePointer<Float>?, UnsafePointer<Float>?) -> Result
) -> Result {
    let a = a?.contiguous()
    let b = b?.contiguous()
    return withOptionalStorage(a) { a in withOptionalStorage(b) { b in body(a, b) } }
}

/// Calls `body` with the address of the first element, or `nil`.
func withOptionalStorage<Result>(
    _ tensor: Tensor<Float>?, _ body: (UnsafePointer<Float>?) -> Result
) -> Result {
    guard let tensor else { return body(nil) }
    return tensor.withUnsafeStorage { body($0) }
}

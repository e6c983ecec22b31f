import Kernels

/// `activation(x * transpose(weight) + bias + residual)` over the last axis.
///
/// - Parameters:
///   - x: `[..., inputs]`.
///   - weight: `[outputs, inputs]`.
///   - bias: `[outputs]`.
///   - residual: of the result's shape.
/// - Returns: `[..., outputs]`.
public func linear(
    _ x: Tensor<Float>, _ weight: PackedMatrix, bias: Tensor<Float>? = nil,
    residual: Tensor<Float>? = nil, activation: Activation = .none
) -> Tensor<Float> {
    precondition(
        x.rank > 0 && x.shape[x.rank - 1] == weight.inputs,
        "linear: \(x.shape) does not end in the weight's [\(weight.outputs), \(weight.inputs)] inputs"
    )
    let operands = [x, weight.source, bias, residual]
    if activation.needsItsArgument, operands.contains(where: { $0?.isTraced ?? false }) {
        return linear(x, weight, bias: bias, residual: residual).applying(activation)
    }
    let shape = x.shape.dropLast() + [weight.outputs]
    let rows = x.shape.dropLast().reduce(1, *)
    return withEpilogue(
        "linear", shape: Array(shape), bias: bias, residual: residual, activation: activation
    ) { output, epilogue in
        x.withUnsafeBuffer { input in
            guard let input = input.baseAddress else { return }
            parallelPackedProduct(
                rows: rows, input, strideA: weight.inputs, weight.panels, into: output,
                strideC: weight.outputs, epilogue: epilogue)
        }
    }.traced(from: operands, as: .linear(activation: activation))
}

/// Makes a tensor of `shape`, whose last axis is that of `bias`, from a kernel that takes an epilogue.
func withEpilogue(
    _ operation: String, shape: [Int], bias: Tensor<Float>?, residual: Tensor<Float>?,
    activation: Activation, _ compute: (UnsafeMutablePointer<Float>, Epilogue) -> Void
) -> Tensor<Float> {
    let channels = shape[shape.count - 1]
    if let bias {
        precondition(
            bias.shape == [channels],
            "\(operation): bias \(bias.shape) does not fit the result \(shape)")
    }
    if let residual {
        precondition(
            residual.shape == shape,
            "\(operation): residual \(residual.shape) is not of the result's shape \(shape)")
    }
    let bias = bias?.contiguous()
    let residual = residual?.contiguous()
    return Tensor(shape: shape) { output in
        guard let output = output.baseAddress else { return }
        withExtendedLifetime((bias?.storage, residual?.storage)) {
            compute(
                output,
                Epilogue(
                    bias: bias.map { UnsafePointer($0.storage.elements + $0.offset) },
                    residual: residual.map { UnsafePointer($0.storage.elements + $0.offset) },
                    residualStride: channels, activation: activation))
        }
    }
}

import Kernels
import Tensor

extension Origin {
    /// What `gradient`, that of the result, means for each operand; `nil` for those that are absent and, where
    /// it saves work, for those that nobody wants.
    ///
    /// - Parameter wants: for each operand, whether somebody asks for its gradient.
    func operandGradients(_ gradient: Tensor<Float>, wants: [Bool]) -> [Tensor<Float>?] {
        switch operation {
        case .parameter:
            return []

        case .unary(let function):
            return [unaryGradient(function, x: value(0), result: result, gradient: gradient)]
        case .binary(let function):
            let (a, b) = binaryGradients(function, value(0), value(1), gradient: gradient)
            return [a, b]

        case .reshaped:
            return [gradient.reshaped(value(0).shape)]
        case .transposed(let axes):
            var inverse = axes
            for (index, axis) in axes.enumerated() { inverse[axis] = index }
            return [gradient.transposed(axes: inverse)]
        case .sliced(let axis, let range):
            return [sliceGradient(gradient, shape: value(0).shape, axis: axis, range: range)]
        case .flipped(let axis):
            return [gradient.flipped(axis: axis)]
        case .padded(let amounts):
            return [paddedGradient(gradient, amounts)]
        case .concatenated(let axis):
            var start = 0
            return operands.indices.map { index in
                let length = value(index).shape[axis]
                defer { start += length }
                return gradient.sliced(axis: axis, start..<start + length)
            }
        case .rows(let indices):
            return [takeRowsGradient(gradient, rows: value(0).shape[0], indices: indices)]

        case .sum(let axis):
            return [sumGradient(shape: value(0).shape, axis: axis, gradient: gradient)]
        case .extremum(let axis):
            return [extremumGradient(x: value(0), axis: axis, result: result, gradient: gradient)]

        case .softmax:
            return [softmaxGradient(result: result, gradient: gradient)]
        case .layerNorm(let epsilon):
            let parts = layerNormGradients(
                x: value(0), weight: operands[1]?.detached(), epsilon: epsilon, gradient: gradient)
            return [parts.x, parts.weight, parts.bias]
        case .groupNorm(let groups, let epsilon, let activation):
            let parts = groupNormGradients(
                x: value(0), groups: groups, weight: operands[1]?.detached(), epsilon: epsilon,
                gradient: activationGradient(activation, result: result, gradient: gradient))
            return [parts.x, parts.weight, parts.bias]

        case .matmul:
            let (a, b) = matmulGradients(value(0), value(1), gradient: gradient)
            return [a, b]
        case .linear(let activation):
            let gradient = activationGradient(activation, result: result, gradient: gradient)
            let parts = linearGradients(
                x: value(0), weight: weight(1), gradient: gradient, wantsX: wants[0],
                wantsWeight: wants[1])
            return [parts.x, parts.weight, wants[2] ? summedRows(gradient) : nil, gradient]
        case .convolution(
            let stride, let padding, let trailingPadding, let dilation, let groups, let activation):
            let gradient = activationGradient(activation, result: result, gradient: gradient)
            let parts = convolutionGradients(
                x: value(0), weight: weight(1), gradient: gradient, stride: stride,
                padding: padding, trailingPadding: trailingPadding, dilation: dilation,
                groups: groups, wantsX: wants[0], wantsWeight: wants[1])
            return [parts.x, parts.weight, wants[2] ? summedRows(gradient) : nil, gradient]
        case .deformableConvolution(let padding):
            let parts = deformableConvolutionGradients(
                x: value(0), offsets: value(1), weight: weight(2), gradient: gradient,
                padding: padding)
            return [
                parts.x, parts.offsets, parts.weight, wants[3] ? summedRows(gradient) : nil,
            ]
        case .attention(let heads, let scale, let keyPaddingMask, let groupSize):
            let parts = attentionGradients(
                queries: value(0), keys: value(1), values: value(2), heads: heads, scale: scale,
                bias: operands[3]?.detached(), keyPaddingMask: keyPaddingMask,
                excludingOwnGroupOf: groupSize, result: result, gradient: gradient,
                wantsBias: wants[3])
            return [parts.queries, parts.keys, parts.values, parts.bias]

        case .maxPool2d(let kernelSize, let stride, let padding):
            return [
                maxPool2dGradient(
                    x: value(0), gradient: gradient, kernelSize: kernelSize, stride: stride,
                    padding: padding)
            ]
        case .resizedBilinear:
            let shape = value(0).shape
            return [resizedBilinearGradient(gradient, height: shape[1], width: shape[2])]
        case .resizedNearest:
            let shape = value(0).shape
            return [resizedNearestGradient(gradient, height: shape[1], width: shape[2])]
        }
    }

    /// An operand that is always there, as a plain tensor.
    private func value(_ index: Int) -> Tensor<Float> {
        guard let operand = operands[index] else {
            preconditionFailure("\(operation): operand \(index) is missing")
        }
        return operand.detached()
    }

    /// A weight, which is kept only where it was traced when it was packed.
    private func weight(_ index: Int) -> Tensor<Float> {
        guard let weight = operands[index] else {
            preconditionFailure(
                "\(operation): the weight was packed from a tensor that is no parameter; to keep it "
                    + "fixed, make it a parameter and do not ask for its gradient")
        }
        return weight.detached()
    }
}

import Kernels

/// Convolution over images (cross-correlation, as every framework has it), channels last.
///
/// - Parameters:
///   - x: `[frames, height, width, inputs]`.
///   - bias: `[outputs]`.
///   - residual: of the result's shape, added before the activation.
/// - Returns: `[frames, height, width, outputs]`.
public func conv2d(
    _ x: Tensor<Float>, _ weight: PackedConvolution, bias: Tensor<Float>? = nil,
    residual: Tensor<Float>? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    activation: Activation = .none
) -> Tensor<Float> {
    precondition(
        weight.kernel.frames == 1,
        "conv2d: a kernel of \(weight.kernel.frames) frames is one for conv3d, x is \(x.shape)")
    return convolution(
        "conv2d", x, weight, bias: bias, residual: residual,
        stride: Extent(frames: 1, height: stride, width: stride),
        padding: Extent(frames: 0, height: padding, width: padding),
        dilation: Extent(frames: 1, height: dilation, width: dilation), activation: activation)
}

/// Convolution over clips (cross-correlation), channels last, stride 1.
///
/// - Parameters:
///   - x: `[frames, height, width, inputs]`.
///   - bias: `[outputs]`.
///   - residual: of the result's shape, added before the activation.
///   - dilation: along all three axes.
/// - Returns: `[frames, height, width, outputs]`.
public func conv3d(
    _ x: Tensor<Float>, _ weight: PackedConvolution, bias: Tensor<Float>? = nil,
    residual: Tensor<Float>? = nil, padding: (frames: Int, height: Int, width: Int) = (0, 0, 0),
    dilation: Int = 1, activation: Activation = .none
) -> Tensor<Float> {
    convolution(
        "conv3d", x, weight, bias: bias, residual: residual,
        stride: Extent(frames: 1, height: 1, width: 1),
        padding: Extent(frames: padding.frames, height: padding.height, width: padding.width),
        dilation: Extent(frames: dilation, height: dilation, width: dilation),
        activation: activation)
}

/// Convolution with every choice of stride, padding and dilation along each axis; `operation` names it
/// in messages. The padding is that of both ends of an axis, unless the trailing end has its own.
package func convolution(
    _ operation: String, _ x: Tensor<Float>, _ weight: PackedConvolution,
    bias: Tensor<Float>? = nil,
    residual: Tensor<Float>? = nil, stride: Extent, padding: Extent,
    trailingPadding: Extent? = nil, dilation: Extent, activation: Activation = .none
) -> Tensor<Float> {
    let operands = [x, weight.source, bias, residual]
    if activation.needsItsArgument, operands.contains(where: { $0?.isTraced ?? false }) {
        return convolution(
            operation, x, weight, bias: bias, residual: residual, stride: stride, padding: padding,
            trailingPadding: trailingPadding, dilation: dilation, activation: .none
        ).applying(activation)
    }
    let geometry = geometry(
        operation, x, weight, stride: stride, padding: padding, trailingPadding: trailingPadding,
        dilation: dilation)
    let output = geometry.output
    return withEpilogue(
        operation, shape: [output.frames, output.height, output.width, weight.outputs], bias: bias,
        residual: residual, activation: activation
    ) { result, epilogue in
        x.withUnsafeBuffer { input in
            guard let input = input.baseAddress, output.count > 0 else { return }
            switch weight.storage {
            case .depthwise(let taps):
                taps.withUnsafeBuffer { taps in
                    guard let taps = taps.baseAddress else { return }
                    depthwiseConvolve(input, taps, geometry, into: result, epilogue: epilogue)
                }
            case .winograd(let groups):
                winogradConvolve(
                    input, groups, geometry, into: result, strideC: weight.outputs,
                    epilogue: epilogue)
            case .grouped(let weight):
                groupedConvolve(input, weight, geometry, into: result, epilogue: epilogue)
            case .groups(let panels):
                convolveGroups(input, panels, geometry, into: result, epilogue: epilogue)
            }
        }
    }.traced(
        from: operands,
        as: .convolution(
            stride: stride, padding: padding, trailingPadding: geometry.trailingPadding,
            dilation: dilation, groups: weight.groups, activation: activation))
}

/// One product of patches a group.
private func convolveGroups(
    _ input: UnsafePointer<Float>, _ groups: [PackedPanels], _ geometry: ConvolutionGeometry,
    into result: UnsafeMutablePointer<Float>, epilogue: Epilogue
) {
    let channels = geometry.channels / groups.count
    var column = 0
    for (group, panels) in groups.enumerated() {
        let part = epilogue.advanced(row: 0, column: column)
        let strideC = panels.columns * groups.count
        if geometry.isPointwise {
            parallelPackedProduct(
                rows: geometry.output.count, input + group * channels, strideA: geometry.channels,
                panels, into: result + column, strideC: strideC, epilogue: part)
        } else if RunConvolution.fits(geometry, panels) {
            RunConvolution(input, panels, geometry, into: result, epilogue: epilogue).run()
        } else {
            convolve(
                ConvolutionPatches(input + group * channels, geometry, channels: channels), panels,
                into: result + column, strideC: strideC, epilogue: part)
        }
        column += panels.columns
    }
}

/// Checks the operands of a convolution and says where it reads.
func geometry(
    _ operation: String, _ x: Tensor<Float>, _ weight: PackedConvolution, stride: Extent,
    padding: Extent, trailingPadding: Extent? = nil, dilation: Extent
) -> ConvolutionGeometry {
    let trailing = trailingPadding ?? padding
    let kernel = weight.kernel
    precondition(
        x.rank == 4 && x.shape[3] == weight.inputs,
        "\(operation): \(x.shape) is not [frames, height, width, \(weight.inputs)], the weight's inputs"
    )
    precondition(
        stride.frames > 0 && stride.height > 0 && stride.width > 0 && dilation.frames > 0
            && dilation.height > 0 && dilation.width > 0 && padding.frames >= 0
            && padding.height >= 0 && padding.width >= 0 && trailing.frames >= 0
            && trailing.height >= 0 && trailing.width >= 0,
        "\(operation): stride \(stride), padding \(padding) or dilation \(dilation) is out of range"
    )
    if case .winograd = weight.storage {
        precondition(
            stride.count == 1, "\(operation): stride \(stride) of a weight packed for stride 1 only"
        )
    }
    let geometry = ConvolutionGeometry(
        input: Extent(frames: x.shape[0], height: x.shape[1], width: x.shape[2]),
        channels: weight.inputs, kernel: kernel, stride: stride, padding: padding,
        trailingPadding: trailing, dilation: dilation)
    precondition(
        x.count == 0 || geometry.output.count > 0,
        "\(operation): the kernel \(kernel) does not fit in the padded input \(x.shape)")
    return geometry
}

import Kernels
import Tensor

/// The gradient of ``resizedBilinear(_:height:width:)``.
///
/// - Parameters:
///   - gradient: of the result, `[frames, height, width, channels]`.
///   - height: rows of the source; `width` likewise.
/// - Returns: `[frames, height, width, channels]` of the source.
package func resizedBilinearGradient(
    _ gradient: Tensor<Float>, height: Int, width: Int
) -> Tensor<Float> {
    resizeGradient(
        "resizedBilinearGradient", gradient, height: height, width: width
    ) { source, length in
        TransposedSampling(LinearSampling(from: source, to: length), input: source)
    }
}

/// The gradient of ``resizedNearest(_:height:width:)``; parameters as for
/// ``resizedBilinearGradient(_:height:width:)``.
package func resizedNearestGradient(
    _ gradient: Tensor<Float>, height: Int, width: Int
) -> Tensor<Float> {
    resizeGradient(
        "resizedNearestGradient", gradient, height: height, width: width
    ) { source, length in
        TransposedSampling(nearest: nearestIndices(from: source, to: length), input: source)
    }
}

private func resizeGradient(
    _ operation: String, _ gradient: Tensor<Float>, height: Int, width: Int,
    _ sampling: (_ source: Int, _ length: Int) -> TransposedSampling
) -> Tensor<Float> {
    precondition(
        gradient.rank == 4 && height > 0 && width > 0,
        "\(operation): \(gradient.shape) is not [frames, height, width, channels]")
    let shape = gradient.shape
    if shape[1] == height, shape[2] == width { return gradient }
    return Tensor(shape: [shape[0], height, width, shape[3]]) { result in
        gradient.withUnsafeBuffer { gradient in
            guard let gradient = gradient.baseAddress, let result = result.baseAddress else {
                return
            }
            parallelResizeGradient(
                frames: shape[0], height: height, width: width, channels: shape[3], gradient,
                rows: sampling(height, shape[1]), columns: sampling(width, shape[2]), into: result)
        }
    }
}

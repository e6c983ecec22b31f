import Kernels

/// Each frame of `x` resized by bilinear interpolation, with PyTorch's arithmetic for
/// `align_corners=False` and no antialiasing.
///
/// - Parameter x: `[frames, height, width, channels]`.
public func resizedBilinear(_ x: Tensor<Float>, height: Int, width: Int) -> Tensor<Float> {
    requireImages(x.shape, height, width, "resizedBilinear")
    if x.shape[1] == height, x.shape[2] == width { return x }
    let (frames, channels) = (x.shape[0], x.shape[3])
    return x.withUnsafeBuffer { source in
        Tensor(shape: [frames, height, width, channels]) { buffer in
            guard let from = source.baseAddress, let to = buffer.baseAddress, !buffer.isEmpty
            else { return }
            parallelBilinear(
                frames: frames, height: x.shape[1], width: x.shape[2], channels: channels, from,
                rows: LinearSampling(from: x.shape[1], to: height),
                columns: LinearSampling(from: x.shape[2], to: width), into: to)
        }
    }.traced(from: x, as: .resizedBilinear)
}

/// Each frame of `x` resized by taking the nearest element, with PyTorch's `nearest` rule:
/// `floor(index * input / output)` with a 32-bit quotient.
///
/// - Parameter x: `[frames, height, width, channels]`, or `[frames, height, width]`.
public func resizedNearest<Element>(
    _ x: Tensor<Element>, height: Int, width: Int
) -> Tensor<Element> {
    if x.rank == 3 {
        return resizedNearest(x.expandedDimensions(axis: 3), height: height, width: width)
            .squeezed(axis: 3)
    }
    requireImages(x.shape, height, width, "resizedNearest")
    if x.shape[1] == height, x.shape[2] == width { return x }
    let (frames, channels) = (x.shape[0], x.shape[3])
    let rows = nearestIndices(from: x.shape[1], to: height)
    let columns = nearestIndices(from: x.shape[2], to: width)
    return x.withUnsafeBuffer { source in
        Tensor(shape: [frames, height, width, channels]) { buffer in
            guard let from = source.baseAddress, let to = buffer.baseAddress, !buffer.isEmpty
            else { return }
            parallelNearest(
                frames: frames, height: x.shape[1], width: x.shape[2],
                pixelBytes: channels * MemoryLayout<Element>.stride, from, rows: rows,
                columns: columns, into: to)
        }
    }.traced(from: x, as: .resizedNearest)
}

/// An 8-bit image resized by Pillow's antialiased bilinear filter, bit for bit.
///
/// - Parameter image: `[height, width, channels]`.
public func resizedPillow(_ image: Tensor<UInt8>, height: Int, width: Int) -> Tensor<UInt8> {
    precondition(
        image.rank == 3 && image.count > 0 && height > 0 && width > 0,
        "resizedPillow: \(image.shape) cannot be resized to \(height) x \(width)")
    let channels = image.shape[2]
    return image.withUnsafeBuffer { source in
        Tensor(shape: [height, width, channels]) { buffer in
            guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
            pillowResize(
                from, height: image.shape[0], width: image.shape[1], channels: channels, into: to,
                height: height, width: width)
        }
    }
}

private func requireImages(_ shape: [Int], _ height: Int, _ width: Int, _ operation: String) {
    precondition(
        shape.count == 4 && shape[1] > 0 && shape[2] > 0 && height > 0 && width > 0,
        "\(operation): \(shape) is not [frames, height, width, channels] or cannot become "
            + "\(height) x \(width)")
}

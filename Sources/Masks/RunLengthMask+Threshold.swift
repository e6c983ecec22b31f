import Kernels
import Tensor

extension RunLengthMask {
    /// The mask of the pixels of `values`, `[height, width]`, that are above `threshold`. What is not a
    /// number is not.
    public init(_ values: Tensor<Float>, above threshold: Float) {
        precondition(
            values.rank == 2,
            "RunLengthMask: values of shape \(values.shape) are not [height, width]")
        let (height, width) = (values.shape[0], values.shape[1])
        Self.require(height, width)
        let counts = values.withUnsafeBuffer { values -> [UInt32] in
            guard let first = values.baseAddress else { return [0] }
            return runs(of: first, height: height, width: width, above: threshold)
        }
        self.init(height: height, width: width, uncheckedCounts: counts)
    }

    /// The masks of the pixels that are above `threshold` in each of `maps` once that has been resized.
    ///
    /// No resized map is stored: a map of a quarter of a frame's size costs a pass over the frame.
    ///
    /// - Parameter maps: `[maps, height, width]`.
    public static func masks(
        of maps: Tensor<Float>, resized: MaskResizing, above threshold: Float
    ) -> [RunLengthMask] {
        precondition(
            maps.rank == 3 && maps.shape[1] > 0 && maps.shape[2] > 0,
            "RunLengthMask: maps of shape \(maps.shape) are not [maps, height, width]")
        require(resized.height, resized.width)
        let (height, width) = (maps.shape[1], maps.shape[2])
        let (rows, columns) = resized.samples(height: height, width: width)
        return maps.withUnsafeBuffer { values in
            guard let first = values.baseAddress else { return [] }
            return parallelResampledRuns(
                maps: maps.shape[0], height: height, width: width, first, rows: rows,
                columns: columns, above: threshold
            ).map {
                RunLengthMask(
                    height: resized.height, width: resized.width, uncheckedCounts: $0)
            }
        }
    }
}

/// How a network's map of a mask becomes one of the size of the video.
public struct MaskResizing: Sendable, Equatable {
    /// Rows of the result.
    public let height: Int
    /// Columns of the result.
    public let width: Int

    private let enlarged: Enlargement?

    private struct Enlargement: Equatable {
        let factor: Int
        let height: Int
        let width: Int
    }

    /// The whole map is stretched by bilinear interpolation (PyTorch's, without aligned corners).
    public static func bilinear(height: Int, width: Int) -> MaskResizing {
        MaskResizing(height: height, width: width, enlarged: nil)
    }

    /// The map is enlarged `factor` times by bilinear interpolation, cropped to `croppedTo` at the top
    /// left, then resized by taking the nearest pixel: how detectron2's instance models leave padding behind.
    public static func enlarged(
        by factor: Int, croppedTo crop: (height: Int, width: Int), height: Int, width: Int
    ) -> MaskResizing {
        precondition(
            factor > 0 && crop.height > 0 && crop.width > 0,
            "MaskResizing: nothing is left of a map enlarged \(factor) times, cropped to \(crop)")
        return MaskResizing(
            height: height, width: width,
            enlarged: Enlargement(factor: factor, height: crop.height, width: crop.width))
    }

    func samples(
        height: Int, width: Int
    ) -> (rows: LinearSampling, columns: LinearSampling) {
        guard let enlarged else {
            return (
                LinearSampling(from: height, to: self.height),
                LinearSampling(from: width, to: self.width)
            )
        }
        let (enlargedHeight, enlargedWidth) = (height * enlarged.factor, width * enlarged.factor)
        precondition(
            enlarged.height <= enlargedHeight && enlarged.width <= enlargedWidth,
            "MaskResizing: a map of \(height) x \(width) does not cover \(enlarged)")
        return (
            LinearSampling(
                LinearSampling(from: height, to: enlargedHeight),
                at: nearestIndices(from: enlarged.height, to: self.height)),
            LinearSampling(
                LinearSampling(from: width, to: enlargedWidth),
                at: nearestIndices(from: enlarged.width, to: self.width))
        )
    }
}

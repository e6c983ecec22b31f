import Tensor

/// What a model says about a whole video.
public struct VideoSegmentation: Sendable {
    /// The prediction for each frame, of models of pixels; empty for models of objects.
    public let predictions: [Prediction]

    /// The objects, of models of objects.
    public let instances: VideoInstances?
}

extension SegmentationModel {
    /// Segments a video that is in memory. For one that is not, give the windows of a ``session(for:options:)``
    /// as they are decoded.
    ///
    /// - Parameter frames: the pixels of each frame, `[height, width, 3]`, all of one size.
    /// - Throws: ``UnsupportedOption``.
    public func segment(
        _ frames: [Tensor<UInt8>], options: SessionOptions = SessionOptions()
    ) throws -> VideoSegmentation {
        guard let shape = frames.first?.shape else {
            return VideoSegmentation(predictions: [], instances: nil)
        }
        precondition(
            shape.count == 3 && shape[2] == 3 && frames.allSatisfy { $0.shape == shape },
            "segment: frames of shapes \(Set(frames.map(\.shape))) are not all one [height, width, 3]"
        )
        let session = try session(
            for: VideoDescription(height: shape[0], width: shape[1], frameCount: frames.count),
            options: options)
        return session.segment(frames)
    }
}

extension SegmentationSession {
    /// Takes all windows of a video that is in memory, and ends it.
    func segment(_ frames: [Tensor<UInt8>], recorder: Recorder? = nil) -> VideoSegmentation {
        let plan = WindowPlan(frameCount: frames.count, layout: layout)
        let predictions = plan.enumerated().flatMap { index, window in
            segment(
                VideoWindow(
                    frames: window.frames.map { frames[$0] }, indices: window.frames,
                    kept: window.kept.map(\.position), isLast: index == plan.count - 1),
                recorder: recorder)
        }
        return VideoSegmentation(
            predictions: predictions.sorted { $0.frame < $1.frame }.map(\.prediction),
            instances: finish())
    }
}

import Media
import Tensor

extension FrameResult {
    /// The frame with its classes or objects painted over it, and what the objects are that can be seen.
    fileprivate var painted: Tensor<UInt8> {
        guard let image else {
            preconditionFailure("painted: the frame \(name) came without its pixels")
        }
        let overlay = Overlay()
        let seen = Set(instances == nil ? [] : labels.scalars)
        let captions = (instances ?? []).compactMap { instance -> Caption? in
            guard seen.contains(instance.label), let box = instance.mask.boundingBox else {
                return nil
            }
            let score = Int((instance.score * 100).rounded())
            return Caption(
                "\(instance.name ?? "class \(instance.category)") \(score) %",
                label: instance.label, top: box.y, left: box.x)
        }
        return overlay.captioned(overlay.painted(labels, over: image), captions)
    }
}

/// Writes each frame with its classes or objects painted over it as a PNG.
struct OverlayFrameWriter: ResultWriter {
    let folder: String
    var needsImages: Bool { true }

    func write(_ result: FrameResult) throws {
        try ImageFile.write(rgb: result.painted, to: "\(folder)/\(result.name).png")
    }
}

/// Writes all frames, with their classes or objects painted over them, as one video.
struct OverlayVideoWriter: ResultWriter {
    var needsImages: Bool { true }

    private let video: VideoWriter
    private let registration: Int

    /// Starts the video at `path` with the size, the rate and the shape of pixels of `source`.
    init(path: String, source: any FrameSource) async throws {
        let video = try await VideoWriter(
            path, size: source.size, frameRate: source.frameRate ?? FrameRate(25),
            sampleAspectRatio: (source as? VideoFile)?.information.sampleAspectRatio ?? "1:1")
        self.video = video
        registration = Interruption.whenInterrupted {
            // The encoder must be gone before its file is removed, or it might make it anew.
            Interruption.wait { await video.discard() }
        }
    }

    func write(_ result: FrameResult) async throws {
        try await video.append(result.painted)
    }

    func finish() async throws {
        try await video.finish()
        Interruption.forget(registration)
    }

    func discard() async {
        await video.discard()
        Interruption.forget(registration)
    }
}

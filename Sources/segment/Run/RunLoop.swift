import Media
import Models
import Tensor

/// Segments a sequence of frames with any model: decode, window, segment, write, forget.
///
/// The next window is decoded while this one is computed. Objects are known at the end of the video only, as
/// runs: their frames are written then, and read again where a writer wants pixels.
struct RunLoop: Sendable {
    /// The model's work on this video; one thread at a time uses it.
    nonisolated(unsafe) let session: any SegmentationSession

    /// The probability above which a pixel is foreground, for models with one class.
    let threshold: Float

    /// The names of categories, by id.
    let names: [Int: String]

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - recorder: keeps intermediate results until the first results are there.
    ///   - recorded: is called when it has them.
    ///   - writers: what takes the results, in this order for each frame.
    ///   - progress: is told of every frame that is done.
    func run(
        _ source: any FrameSource, recorder: Recorder?, recorded: (Recorder) throws -> Void,
        writers: [any ResultWriter], progress: Progress
    ) async throws {
        let reader = WindowReader(source, layout: session.layout)
        var recorder = recorder
        var frames: [VideoResult.FrameName] = []
        var order = FrameOrder()
        var pending = Task { try await reader.next() }
        defer { pending.cancel() }
        progress.advance(by: 0)
        while let window = try await pending.value {
            pending = Task { try await reader.next() }
            frames += window.keptNames
            let results = await ComputeThread.run { [recorder] in
                segment(window, recorder: recorder)
            }
            if !results.isEmpty {
                try recorder.map(recorded)
                recorder = nil
            }
            for result in order.inOrder(results) {
                for writer in writers { try await writer.write(result) }
            }
            progress.advance(by: window.window.kept.count)
        }
        if let instances = await ComputeThread.run({ session.finish() }) {
            try recorder.map(recorded)
            let video = VideoResult(instances, frames: frames, names: names)
            for writer in writers { try await writer.begin(video) }
            try await write(video, source, writers)
        }
        for writer in writers { try await writer.finish() }
    }

    /// What the model says about the kept frames of a window.
    private func segment(_ window: FrameWindow, recorder: Recorder?) -> [FrameResult] {
        let predictions = session.segment(window.window, recorder: recorder)
        return predictions.compactMap { prediction in
            guard let position = window.window.indices.firstIndex(of: prediction.frame) else {
                return nil
            }
            return FrameResult(
                frame: window.frames[position], prediction: prediction.prediction,
                threshold: threshold)
        }
    }

    /// Writes the objects frame by frame.
    private func write(
        _ video: VideoResult, _ source: any FrameSource, _ writers: [any ResultWriter]
    ) async throws {
        guard writers.contains(where: \.needsImages) else {
            for position in video.frames.indices {
                let result = video.frame(position, image: nil)
                for writer in writers { try await writer.write(result) }
            }
            return
        }
        var position = 0
        for try await frame in source.frames where position < video.frames.count {
            let result = video.frame(position, image: frame.image)
            for writer in writers { try await writer.write(result) }
            position += 1
        }
        guard position == video.frames.count else {
            throw Failure(
                .inputOutput,
                "\(source.path): \(position) frames of \(video.frames.count) are left; leave the input alone during a run"
            )
        }
    }
}

/// Brings results into the order of the video: windows that reach over several others give them out of it.
private struct FrameOrder {
    /// What waits for frames before it, by the frame's index.
    private var waiting: [Int: FrameResult] = [:]
    private var next: Int?

    /// Takes results; gives those that come next.
    mutating func inOrder(_ results: [FrameResult]) -> [FrameResult] {
        for result in results { waiting[result.index] = result }
        guard var place = next ?? results.first?.index else { return [] }
        var ready: [FrameResult] = []
        while let result = waiting.removeValue(forKey: place) {
            ready.append(result)
            place += 1
        }
        next = place
        return ready
    }
}

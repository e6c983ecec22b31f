import Dispatch
import Synchronization

/// Makes the clips of coming steps while the engine computes, on a thread of its own.
package final class ClipLoader: Sendable {
    private let data: TrainingData
    private let clipsPerStep: Int
    private let ready = Mutex<[Result<[TrainingClip], any Error>]>([])
    private let filled = DispatchSemaphore(value: 0)
    private let free: DispatchSemaphore

    /// How many steps' clips are made ahead.
    private static let depth = 3

    /// Begins to make the clips of `firstStep` and what follows it.
    package init(_ data: TrainingData, clipsPerStep: Int, firstStep: Int) {
        self.data = data
        self.clipsPerStep = clipsPerStep
        // A semaphore must not end below the value that it began with: clips that nobody takes would make it.
        free = DispatchSemaphore(value: 0)
        for _ in 0..<Self.depth { free.signal() }
        let queue = DispatchQueue(label: "training.clips", qos: .userInitiated)
        queue.async { [weak self, free] in
            var step = firstStep
            while true {
                free.wait()
                guard let self, self.make(step) else { return }
                step += 1
            }
        }
    }

    deinit { free.signal() }

    /// The clips of the next step; waits until they are made.
    ///
    /// - Throws: what making them threw. There are none after that.
    package func next() throws -> [TrainingClip] {
        filled.wait()
        let clips = ready.withLock { $0.removeFirst() }
        free.signal()
        return try clips.get()
    }

    /// Makes the clips of a step; false where there is no need for more.
    private func make(_ step: Int) -> Bool {
        let clips = Result { try (0..<clipsPerStep).map { try data.clip(step: step, index: $0) } }
        ready.withLock { $0.append(clips) }
        filled.signal()
        if case .failure = clips { return false }
        return true
    }
}

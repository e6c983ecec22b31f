import Subprocess
import Synchronization
import Tensor

/// Cuts a stream of bytes into frames.
final class FrameAssembler: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var count = 0
    }

    private let size: ImageSize
    private let firstIndex: Int
    private let state = Mutex(State())

    init(size: ImageSize, firstIndex: Int) {
        self.size = size
        self.firstIndex = firstIndex
    }

    /// How many frames are complete so far.
    var count: Int { state.withLock { $0.count } }

    /// Whether bytes of an incomplete frame are left.
    var hasPartialFrame: Bool { state.withLock { !$0.bytes.isEmpty } }

    /// Takes the next bytes in and returns the frames that they complete.
    func add(_ piece: SubprocessOutputSequence.Buffer) -> [Frame] {
        let frameBytes = size.width * size.height * 3
        return state.withLock { state in
            var frames: [Frame] = []
            piece.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    if state.bytes.isEmpty { state.bytes.reserveCapacity(frameBytes) }
                    let taken = rest.prefix(frameBytes - state.bytes.count)
                    state.bytes.append(contentsOf: taken)
                    rest = rest.dropFirst(taken.count)
                    guard state.bytes.count == frameBytes else { continue }
                    let index = firstIndex + state.count
                    frames.append(
                        Frame(
                            index: index, name: Frame.name(index: index),
                            image: Tensor(state.bytes, shape: [size.height, size.width, 3])))
                    state.count += 1
                    state.bytes.removeAll(keepingCapacity: true)
                }
            }
            return frames
        }
    }
}

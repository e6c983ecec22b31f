import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Memory for tensors: 64-byte aligned, and kept for the next tensor instead of going back to the system.
///
/// Writing to fresh pages of the system costs about five times as much as writing to used ones, and a
/// forward pass asks for the same sizes again and again. What is kept never raises the peak: a block is
/// given back to the system as soon as live and kept memory together would exceed the most that was ever
/// live at once, and what `keep(beyondPeak:)` allows besides.
package final class CachingAllocator: Sendable {
    /// The allocator of every tensor.
    package static let shared = CachingAllocator()

    package static let alignment = 64
    private static let largePage = 1 << 21

    package init() {}

    private struct State {
        var kept: [Int: [UnsafeMutableRawPointer]] = [:]
        var keptBytes = 0
        var liveBytes = 0
        var peakBytes = 0
        var allowance = 0
    }

    private let state = Mutex(UncheckedState(value: State()))

    private struct UncheckedState: @unchecked Sendable { var value: State }

    /// Bytes in use now.
    package var liveBytes: Int { state.withLock { $0.value.liveBytes } }

    /// Bytes that wait for the next tensor now.
    package var keptBytes: Int { state.withLock { $0.value.keptBytes } }

    /// The most bytes ever in use at once, since the last `resetPeak()`.
    package var peakBytes: Int { state.withLock { $0.value.peakBytes } }

    /// Starts a new measurement of the peak at what is in use now.
    package func resetPeak() { state.withLock { $0.value.peakBytes = $0.value.liveBytes } }

    /// Allows `bytes` to be kept besides what was ever live at once. Sizes that take turns, as those of the
    /// way there and back in training do, then find blocks of their own.
    package func keep(beyondPeak bytes: Int) {
        state.withLock { unchecked in
            unchecked.value.allowance = max(0, bytes)
            Self.trim(&unchecked.value)
        }
    }

    /// A block of at least `bytes` bytes with undefined content.
    package func allocate(bytes: Int) -> UnsafeMutableRawPointer {
        let size = Self.roundedSize(bytes)
        let reused: UncheckedPointer? = state.withLock { unchecked in
            unchecked.value.liveBytes += size
            unchecked.value.peakBytes = max(unchecked.value.peakBytes, unchecked.value.liveBytes)
            if let block = unchecked.value.kept[size]?.popLast() {
                unchecked.value.keptBytes -= size
                return UncheckedPointer(block)
            }
            Self.trim(&unchecked.value)
            return nil
        }
        return reused?.pointer ?? Self.freshBlock(bytes: size)
    }

    /// A block from the system, in large pages where it is several of them long: in pages of 4 KB, looking
    /// up the addresses of a large map costs its products some percent.
    private static func freshBlock(bytes: Int) -> UnsafeMutableRawPointer {
        #if canImport(Glibc)
        if bytes >= 2 * largePage {
            let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: largePage)
            // A wish: where the system does not grant it, nothing is lost.
            _ = madvise(block, bytes, MADV_HUGEPAGE)
            return block
        }
        #endif
        return UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
    }

    /// Takes back a block of `allocate(bytes:)`; `bytes` is what was asked for.
    package func deallocate(_ block: UnsafeMutableRawPointer, bytes: Int) {
        let size = Self.roundedSize(bytes)
        let block = UncheckedPointer(block)
        state.withLock { unchecked in
            unchecked.value.liveBytes -= size
            unchecked.value.kept[size, default: []].append(block.pointer)
            unchecked.value.keptBytes += size
            Self.trim(&unchecked.value)
        }
    }

    /// Gives everything that is kept back to the system.
    package func releaseKept() {
        state.withLock { unchecked in
            for block in unchecked.value.kept.values.joined() { block.deallocate() }
            unchecked.value.kept = [:]
            unchecked.value.keptBytes = 0
        }
    }

    /// Gives blocks back, the largest first, until live and kept together are within what is allowed.
    private static func trim(_ state: inout State) {
        while state.keptBytes > 0,
            state.liveBytes + state.keptBytes > state.peakBytes + state.allowance,
            let size = state.kept.keys.max()
        {
            if let block = state.kept[size]?.popLast() {
                block.deallocate()
                state.keptBytes -= size
            }
            if state.kept[size]?.isEmpty ?? true { state.kept[size] = nil }
        }
    }

    /// Sizes in steps of an eighth of a power of two, so that nearly equal requests share blocks.
    private static func roundedSize(_ bytes: Int) -> Int {
        guard bytes > 512 else { return max(64, (bytes + 63) & ~63) }
        let step = 1 << (Int.bitWidth - 1 - bytes.leadingZeroBitCount - 3)
        return (bytes + step - 1) & ~(step - 1)
    }

    private struct UncheckedPointer: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
        init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
    }
}

import Synchronization

/// Memory for tensors: 64-byte aligned, and kept for the next tensor instead of going back to the system.
///
/// Writing to fresh pages of the system costs about five times as much as writing to used ones, and a
/// forward pass asks for the same sizes again and again. Large blocks share one range of addresses, see
/// ``LargeBlocks``. Of the others, what is kept never raises the peak: a block is given back to the system as
/// soon as live and kept memory together would exceed the most that was ever live at once, and what
/// `keep(beyondPeak:)` allows besides.
package final class CachingAllocator: Sendable {
    /// The allocator of every tensor.
    package static let shared = CachingAllocator()

    package static let alignment = 64

    package init() {}

    deinit {
        releaseKept()
        state.withLock { $0.value.large?.close() }
    }

    private struct State {
        /// Reserved when the first large block is asked for.
        var large: LargeBlocks?
        var mayReserve = true
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
    package var keptBytes: Int {
        state.withLock { $0.value.keptBytes + ($0.value.large?.keptBytes ?? 0) }
    }

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
        let found: UncheckedPointer? = state.withLock { unchecked in
            unchecked.value.liveBytes += size
            unchecked.value.peakBytes = max(unchecked.value.peakBytes, unchecked.value.liveBytes)
            let block =
                Self.largeBlock(bytes: size, &unchecked.value)
                ?? Self.keptBlock(bytes: size, &unchecked.value)
            return block.map(UncheckedPointer.init)
        }
        return found?.pointer
            ?? UnsafeMutableRawPointer.allocate(byteCount: size, alignment: Self.alignment)
    }

    private static func largeBlock(bytes: Int, _ state: inout State) -> UnsafeMutableRawPointer? {
        guard bytes >= LargeBlocks.smallestBytes else { return nil }
        if state.large == nil, state.mayReserve {
            state.large = LargeBlocks()
            state.mayReserve = false
        }
        return state.large?.allocate(bytes: bytes)
    }

    private static func keptBlock(bytes: Int, _ state: inout State) -> UnsafeMutableRawPointer? {
        if let block = state.kept[bytes]?.popLast() {
            state.keptBytes -= bytes
            return block
        }
        trim(&state)
        return nil
    }

    /// Takes back a block of `allocate(bytes:)`; `bytes` is what was asked for.
    package func deallocate(_ block: UnsafeMutableRawPointer, bytes: Int) {
        let size = Self.roundedSize(bytes)
        let block = UncheckedPointer(block)
        state.withLock { unchecked in
            unchecked.value.liveBytes -= size
            if unchecked.value.large?.contains(block.pointer) == true {
                unchecked.value.large?.deallocate(block.pointer, bytes: size)
                return
            }
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
            unchecked.value.large?.giveBack()
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

    /// Sizes in steps of an eighth of a power of two, so that nearly equal requests share blocks; large ones in
    /// pages.
    private static func roundedSize(_ bytes: Int) -> Int {
        guard bytes < LargeBlocks.smallestBytes else { return LargeBlocks.rounded(bytes) }
        guard bytes > 512 else { return max(64, (bytes + 63) & ~63) }
        let step = 1 << (Int.bitWidth - 1 - bytes.leadingZeroBitCount - 3)
        return (bytes + step - 1) & ~(step - 1)
    }

    private struct UncheckedPointer: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
        init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
    }
}

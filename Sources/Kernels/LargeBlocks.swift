#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Blocks of many pages, side by side in one range of addresses that is reserved once.
///
/// Pages that were written to stay, and serve the next block that lies there, whatever its size: the maps of a
/// network grow and shrink from layer to layer, and fresh pages cost several times as much to write to. Each
/// block lies as low as it fits, so that no more pages are ever touched than the most that was in use at once
/// and the gaps between.
struct LargeBlocks {
    /// Blocks of at least this size belong here: two large pages.
    static let smallestBytes = 4 << 20

    private static let pageBytes = 4096
    /// Addresses, not memory.
    private static let reservedBytes = 1 << 38

    private let base: UnsafeMutableRawPointer
    /// What is not in use, from low to high; no two parts touch.
    private var free: [Range<Int>]
    /// The end of what was ever in use since pages were last given back.
    private var touched = 0
    private var used = 0

    /// Reserves the addresses; `nil` where the system does not grant them.
    init?() {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        let found = mmap(nil, Self.reservedBytes, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let found, found != MAP_FAILED else { return nil }
        #if canImport(Glibc)
        // A wish. In pages of 4 KB, looking up the addresses of a large map costs its products some percent.
        _ = madvise(found, Self.reservedBytes, MADV_HUGEPAGE)
        #endif
        base = found
        free = [0..<Self.reservedBytes]
    }

    /// Bytes that were written to and wait for the next block, gaps included.
    var keptBytes: Int { touched - used }

    /// The lowest place for a block of whole pages, see `rounded`; `nil` where there is none.
    mutating func allocate(bytes size: Int) -> UnsafeMutableRawPointer? {
        guard let index = free.firstIndex(where: { $0.count >= size }) else { return nil }
        let start = free[index].lowerBound
        if free[index].count == size {
            free.remove(at: index)
        } else {
            free[index] = start + size..<free[index].upperBound
        }
        used += size
        touched = max(touched, start + size)
        return base + start
    }

    /// Takes back a block of so many bytes, as they were asked for.
    mutating func deallocate(_ block: UnsafeMutableRawPointer, bytes: Int) {
        let start = block - base
        var part = start..<start + bytes
        used -= part.count
        var index = free.firstIndex { $0.lowerBound > start } ?? free.endIndex
        if index < free.endIndex, free[index].lowerBound == part.upperBound {
            part = part.lowerBound..<free[index].upperBound
            free.remove(at: index)
        }
        if index > 0, free[index - 1].upperBound == part.lowerBound {
            index -= 1
            part = free[index].lowerBound..<part.upperBound
            free.remove(at: index)
        }
        free.insert(part, at: index)
    }

    func contains(_ block: UnsafeMutableRawPointer) -> Bool {
        block >= base && block < base + Self.reservedBytes
    }

    /// Gives the pages of all that is not in use back to the system.
    mutating func giveBack() {
        for part in free where part.lowerBound < touched {
            let end = min(part.upperBound, touched)
            #if canImport(Glibc)
            madvise(base + part.lowerBound, end - part.lowerBound, MADV_DONTNEED)
            #else
            madvise(base + part.lowerBound, end - part.lowerBound, MADV_FREE)
            #endif
        }
        if let last = free.last { touched = min(touched, last.lowerBound) }
    }

    /// Gives everything back; no block may be in use any more.
    func close() { munmap(base, Self.reservedBytes) }

    /// Whole pages.
    static func rounded(_ bytes: Int) -> Int {
        (bytes + pageBytes - 1) / pageBytes * pageBytes
    }
}

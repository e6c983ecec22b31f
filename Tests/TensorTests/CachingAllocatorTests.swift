import Kernels
import Testing

@Suite struct CachingAllocatorTests {
    @Test func blocksAreAlignedAndReused() {
        let allocator = CachingAllocator()
        for bytes in [0, 1, 64, 100, 513, 5000, 1 << 20, 9_000_000] {
            let block = allocator.allocate(bytes: bytes)
            #expect(UInt(bitPattern: block) % UInt(CachingAllocator.alignment) == 0)
            block.initializeMemory(as: UInt8.self, repeating: 1, count: bytes)
            allocator.deallocate(block, bytes: bytes)
            #expect(allocator.allocate(bytes: bytes) == block)
            allocator.deallocate(block, bytes: bytes)
        }
    }

    @Test func liveBytesAreCounted() {
        let allocator = CachingAllocator()
        let first = allocator.allocate(bytes: 4096)
        let second = allocator.allocate(bytes: 8192)
        #expect(allocator.liveBytes == 12_288 && allocator.peakBytes == 12_288)
        allocator.deallocate(first, bytes: 4096)
        #expect(allocator.liveBytes == 8192 && allocator.peakBytes == 12_288)
        allocator.resetPeak()
        #expect(allocator.peakBytes == 8192)
        allocator.deallocate(second, bytes: 8192)
        #expect(allocator.liveBytes == 0)
    }

    @Test func whatIsKeptBesidesThePeakIsWhatWasAllowed() {
        let allocator = CachingAllocator()
        func fill() -> UnsafeMutableRawPointer {
            // Two sizes that take turns: together they exceed what is ever in use at once.
            let first = allocator.allocate(bytes: 4096)
            allocator.deallocate(first, bytes: 4096)
            let second = allocator.allocate(bytes: 8192)
            allocator.deallocate(second, bytes: 8192)
            return first
        }
        _ = fill()
        #expect(allocator.keptBytes == 8192)
        allocator.keep(beyondPeak: 4096)
        let first = fill()
        #expect(allocator.keptBytes == 12_288)
        #expect(allocator.allocate(bytes: 4096) == first)
        allocator.deallocate(first, bytes: 4096)
        allocator.keep(beyondPeak: 0)
        #expect(allocator.keptBytes <= 8192)
    }

    /// Large blocks of any size take the place of those that were given back, also of several neighbours.
    @Test func largeBlocksShareTheirPages() {
        let allocator = CachingAllocator()
        let million = 1 << 20
        let blocks = (0..<3).map { _ in allocator.allocate(bytes: 8 * million) }
        #expect(allocator.keptBytes == 0)
        allocator.deallocate(blocks[1], bytes: 8 * million)
        #expect(allocator.keptBytes == 8 * million)
        #expect(allocator.allocate(bytes: 5 * million) == blocks[1])
        allocator.deallocate(blocks[1], bytes: 5 * million)
        // All orders of neighbours: below, above, and both.
        allocator.deallocate(blocks[0], bytes: 8 * million)
        allocator.deallocate(blocks[2], bytes: 8 * million)
        #expect(allocator.keptBytes == 24 * million)
        let whole = allocator.allocate(bytes: 24 * million)
        #expect(whole == blocks[0] && allocator.keptBytes == 0)
        allocator.deallocate(whole, bytes: 24 * million)
        #expect(allocator.liveBytes == 0 && allocator.peakBytes == 24 * million)
        allocator.releaseKept()
        #expect(allocator.keptBytes == 0)
    }

    /// Blocks in use never overlap, whatever was given back in between: small ones, and large ones.
    @Test(arguments: [1, 7000]) func liveBlocksAreDistinct(factor: Int) {
        let allocator = CachingAllocator()
        var generator = SystemRandomNumberGenerator()
        var live: [(block: UnsafeMutableRawPointer, bytes: Int, tag: UInt8)] = []
        for round in 0..<(factor == 1 ? 2000 : 300) {
            if live.count > 20 || (round % 3 == 2 && !live.isEmpty) {
                let (block, bytes, tag) = live.remove(
                    at: Int.random(in: live.indices, using: &generator))
                let content = UnsafeRawBufferPointer(start: block, count: bytes)
                #expect(content.allSatisfy { $0 == tag })
                allocator.deallocate(block, bytes: bytes)
            } else {
                let bytes = factor * [1, 70, 600, 610, 3000][round % 5]
                let tag = UInt8(truncatingIfNeeded: round)
                let block = allocator.allocate(bytes: bytes)
                block.initializeMemory(as: UInt8.self, repeating: tag, count: bytes)
                live.append((block, bytes, tag))
            }
        }
        for (block, bytes, _) in live { allocator.deallocate(block, bytes: bytes) }
        allocator.releaseKept()
        #expect(allocator.liveBytes == 0)
    }
}

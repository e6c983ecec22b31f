/// Calls `body` with `floats` floats of undefined content, 64-byte aligned.
package func withScratch<Result>(
    floats: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result
) rethrows -> Result {
    let bytes = max(1, floats) * MemoryLayout<Float>.stride
    let block = CachingAllocator.shared.allocate(bytes: bytes)
    defer { CachingAllocator.shared.deallocate(block, bytes: bytes) }
    return try body(block.bindMemory(to: Float.self, capacity: max(1, floats)))
}

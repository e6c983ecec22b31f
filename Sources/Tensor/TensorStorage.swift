import Kernels

/// The memory behind one or several tensors, released with the last of them.
///
/// It is written only while exactly one tensor refers to it (copy on write), which makes sharing it
/// between threads safe.
final class TensorStorage<Element: TensorElement>: @unchecked Sendable {
    let elements: UnsafeMutablePointer<Element>
    let count: Int

    /// Memory for `count` elements with undefined content.
    init(count: Int) {
        self.count = count
        elements = CachingAllocator.shared
            .allocate(bytes: count * MemoryLayout<Element>.stride)
            .bindMemory(to: Element.self, capacity: count)
    }

    deinit {
        CachingAllocator.shared.deallocate(
            UnsafeMutableRawPointer(elements), bytes: count * MemoryLayout<Element>.stride)
    }
}

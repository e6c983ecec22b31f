import WideKernels

/// What the machine does at best, on all threads of the pool: what rates of kernels are shares of.
package enum MachineRates {
    /// Multiplications and additions in a second, measured for `duration`: those of a loop that never leaves
    /// the registers, in the widest vectors that products use.
    package static func multiplyAdds(for duration: Duration) -> Double {
        let wide = InstructionSet.usesWideVectors
        let (steps, lanes) = (500_000, wide ? 16 : 8)
        return best(for: duration, work: 2 * 12 * steps * lanes * ThreadPool.shared.threads) {
            ThreadPool.shared.run(ThreadPool.shared.threads) { _ in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: 12 * lanes) { sums in
                    guard let start = sums.baseAddress else { return }
                    sums.initialize(repeating: 1)
                    if wide {
                        wideMultiplyAdds(steps: steps, start, factor: 0.5, addend: 1)
                    } else {
                        Kernels.multiplyAdds(steps: steps, start, factor: 0.5, addend: 1)
                    }
                }
            }
        }
    }

    /// Bytes that are read and written in a second, measured for `duration`: those of a copy of 64 MB.
    package static func copiedBytes(for duration: Duration) -> Double {
        let (count, grain) = (64 << 20, 1 << 18)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 2 * count, alignment: 64)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 1, count: 2 * count)
        nonisolated(unsafe) let start = memory
        return best(for: duration, work: 2 * count) {
            ThreadPool.shared.runRanges(count, grain: grain) { range in
                (start + count + range.lowerBound).copyMemory(
                    from: start + range.lowerBound, byteCount: range.count)
            }
        }
    }

    /// `work` over the shortest time of `body`: of several, since a neighbour or a thread that was put aside
    /// makes single ones slow.
    private static func best(for duration: Duration, work: Int, _ body: () -> Void) -> Double {
        let clock = ContinuousClock()
        let end = clock.now + duration
        var shortest = clock.measure(body)
        while clock.now < end { shortest = min(shortest, clock.measure(body)) }
        return Double(work) / (shortest / .seconds(1))
    }
}

import Kernels

/// What runs below all tensors of the process: threads, vector instructions, memory.
public enum Engine {
    /// How many threads the operations share, the caller's included.
    public static var threads: Int { ThreadPool.shared.threads }

    /// Makes the operations share `count` threads from now on; operations under way finish as they are.
    ///
    /// The same input gives the same bits with any number of threads.
    public static func useThreads(_ count: Int) {
        precondition(count > 0, "useThreads: \(count) threads")
        ThreadPool.configureShared(threads: count)
    }

    /// Lets the engine keep `bytes` of memory besides the most that it ever had in use at once, instead of
    /// giving them back to the system: for training, whose steps ask for the same many sizes again and
    /// again. 0, as it is at first, keeps nothing besides. Large tensors share their pages in any case.
    public static func keepMemory(beyondPeak bytes: Int) {
        CachingAllocator.shared.keep(beyondPeak: bytes)
    }

    /// The vector instructions that the kernels were compiled for, for example `x86-64-v3 (AVX2, FMA)`.
    public static var instructionSet: String { InstructionSet.name }

    /// Which of its kernels the BLAS library chose for this machine.
    public static var blasCore: String { BLAS.coreName }

    /// Multiplications and additions of floats that this machine makes in a second on all threads, as
    /// measured for `duration` in a loop that never leaves the registers. What a kernel reaches is a share of it.
    public static func multiplyAddRate(for duration: Duration) -> Double {
        MachineRates.multiplyAdds(for: duration)
    }

    /// Bytes that this machine reads and writes in a second on all threads, as measured for `duration` by
    /// copies of 64 MB.
    public static func copyRate(for duration: Duration) -> Double {
        MachineRates.copiedBytes(for: duration)
    }

    /// The bytes of all tensors alive.
    public static var liveBytes: Int { CachingAllocator.shared.liveBytes }

    /// The most bytes of tensors alive at once, since the start or the last `resetPeakBytes()`.
    public static var peakBytes: Int { CachingAllocator.shared.peakBytes }

    /// Starts a new measurement of `peakBytes` at what is alive now.
    public static func resetPeakBytes() { CachingAllocator.shared.resetPeak() }
}

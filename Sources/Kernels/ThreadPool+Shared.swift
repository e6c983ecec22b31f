import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension ThreadPool {
    private static let current = Mutex<ThreadPool?>(nil)

    /// The pool that the kernels use: as many threads as cores until `configureShared(threads:)`.
    package static var shared: ThreadPool {
        current.withLock { pool in
            if let pool { return pool }
            let made = ThreadPool(threads: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
            pool = made
            return made
        }
    }

    /// Replaces the shared pool. Work under way finishes on the old one, whose threads stay asleep.
    package static func configureShared(threads: Int) {
        current.withLock { pool in
            guard pool?.threads != threads else { return }
            pool = ThreadPool(threads: threads)
        }
    }

    /// Runs `body` with a shared pool of one thread that writes its work down, and gives what it wrote.
    ///
    /// Not while other work runs elsewhere. The pool that was shared before is shared again afterwards.
    package static func recordingRegions(_ body: () -> Void) -> [ParallelRegion] {
        let recorder = RegionRecorder()
        let before = shared
        current.withLock { $0 = ThreadPool(recorder: recorder) }
        defer { current.withLock { $0 = before } }
        body()
        return recorder.regions
    }
}

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
}

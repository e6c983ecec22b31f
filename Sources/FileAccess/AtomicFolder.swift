#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder that is filled under a temporary name beside its destination and appears there at once, with
/// everything in it, when it is committed.
///
/// Until then the destination is untouched. A folder that is dropped without `commit()` leaves nothing.
package final class AtomicFolder: Sendable {
    /// The path that the folder has until it is committed: in the same folder, hidden.
    package let temporaryPath: String

    private let path: String
    private let failure: @Sendable (String) -> any Error

    /// Makes a folder that will appear at `path`. The folder around it must exist.
    ///
    /// - Parameter failure: makes the error that is thrown of the reason for it.
    package init(_ path: String, failure: @escaping @Sendable (_ reason: String) -> any Error)
        throws
    {
        guard let temporaryPath = Unfinished.temporaryPath(for: path) else {
            throw failure("the name of a folder is missing after the last slash")
        }
        self.path = path
        self.temporaryPath = temporaryPath
        self.failure = failure
        _ = try Unfinished.begin(.folder, temporaryPath, failure: failure) {
            mkdir(temporaryPath, 0o777)
        }
    }

    deinit { Unfinished.discard(temporaryPath) }

    /// Gives the folder its name, replacing a folder that was there.
    package func commit() throws {
        try Unfinished.commit(temporaryPath, as: path, failure: failure)
    }
}

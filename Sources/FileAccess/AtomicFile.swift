import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is written under a temporary name beside its destination and appears there at once,
/// whole, when it is committed.
///
/// Until then the destination is untouched. A file that is dropped without `commit()` leaves nothing.
package final class AtomicFile: Sendable {
    /// The path that the file has until it is committed: in the same folder, hidden.
    package let temporaryPath: String

    private let path: String
    private let descriptor: Mutex<CInt>
    private let failure: @Sendable (String) -> any Error

    /// Starts a file that will appear at `path`. Its folder must exist.
    ///
    /// - Parameter failure: makes the error that is thrown of the reason for it.
    package init(_ path: String, failure: @escaping @Sendable (_ reason: String) -> any Error)
        throws
    {
        self.path = path
        self.failure = failure
        guard let temporaryPath = Unfinished.temporaryPath(for: path) else {
            throw failure("this names a folder where a file is to be written")
        }
        self.temporaryPath = temporaryPath
        descriptor = Mutex(
            try Unfinished.begin(.file, temporaryPath, failure: failure) {
                open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            })
    }

    deinit { discard() }

    /// Appends `bytes`.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        try descriptor.withLock { descriptor in
            guard descriptor >= 0 else { throw failure("the file is finished already") }
            var rest = bytes
            while !rest.isEmpty {
                #if canImport(Glibc)
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                #else
                let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if count < 0 {
                    if errno == EINTR { continue }
                    throw failure(Unfinished.reason(errno))
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Appends `text`.
    package func append(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// Writes a whole file of `text`.
    ///
    /// - Parameter failure: makes the error that is thrown of the reason for it.
    package static func write(
        _ text: String, to path: String,
        failure: @escaping @Sendable (_ reason: String) -> any Error
    ) throws {
        let file = try AtomicFile(path, failure: failure)
        try file.append(text)
        try file.commit()
    }

    /// Closes the file and gives it its name, replacing what was there.
    package func commit() throws {
        try descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            let status = close(descriptor)
            let code = errno
            descriptor = -1
            guard status == 0 else {
                Unfinished.discard(temporaryPath)
                throw failure(Unfinished.reason(code))
            }
            try Unfinished.commit(temporaryPath, as: path, failure: failure)
        }
    }

    /// Removes what was written. Does nothing after `commit()`.
    package func discard() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            close(descriptor)
            descriptor = -1
            Unfinished.discard(temporaryPath)
        }
    }
}

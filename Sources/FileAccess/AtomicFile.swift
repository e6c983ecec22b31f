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

    /// Files that are being written now, and whether no more may be begun.
    private struct Unfinished {
        var paths: Set<String> = []
        var isClosed = false
    }

    private static let unfinished = Mutex(Unfinished())

    /// Starts a file that will appear at `path`. Its folder must exist.
    ///
    /// - Parameter failure: makes the error that is thrown of the reason for it.
    package init(_ path: String, failure: @escaping @Sendable (_ reason: String) -> any Error)
        throws
    {
        self.path = path
        self.failure = failure
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let name = path[slash...]
        guard !name.isEmpty else {
            throw failure("this names a folder where a file is to be written")
        }
        let start = String(decoding: name.utf8.prefix(100), as: UTF8.self)
        let mark = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        let temporaryPath = "\(path[..<slash]).\(start).\(getpid())-\(mark).partial"
        self.temporaryPath = temporaryPath
        // In one step, or an interrupt between the two would leave the file behind.
        descriptor = Mutex(
            try Self.unfinished.withLock { unfinished in
                guard !unfinished.isClosed else { throw failure("the program is ending") }
                let opened = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
                guard opened >= 0 else { throw failure(Self.reason(errno)) }
                unfinished.paths.insert(temporaryPath)
                return opened
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
                    throw failure(Self.reason(errno))
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
            descriptor = -1
            guard status == 0, rename(temporaryPath, path) == 0 else {
                let code = errno
                unlink(temporaryPath)
                Self.forget(temporaryPath)
                throw failure(Self.reason(code))
            }
            Self.forget(temporaryPath)
        }
    }

    /// Removes what was written. Does nothing after `commit()`.
    package func discard() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            close(descriptor)
            descriptor = -1
            unlink(temporaryPath)
            Self.forget(temporaryPath)
        }
    }

    /// Removes every file that is being written in this process and lets no other begin: for a program
    /// that ends at once, on an interrupt, and cannot let its writers be released.
    package static func discardAllUnfinished() {
        unfinished.withLock { unfinished in
            unfinished.isClosed = true
            for path in unfinished.paths { unlink(path) }
        }
    }

    private static func forget(_ temporaryPath: String) {
        unfinished.withLock { _ = $0.paths.remove(temporaryPath) }
    }

    private static func reason(_ code: CInt) -> String {
        switch code {
        case ENOENT: "its folder does not exist; create it first"
        case EACCES, EROFS: "permission denied; choose another folder"
        case ENOSPC, EDQUOT: "the disk is full; free some space"
        case EISDIR: "a folder has that name; choose another name"
        default: systemMessage(code)
        }
    }
}

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
public final class AtomicFile: Sendable {
    /// The path that the file will have.
    public let path: String

    /// The path that the file has until it is committed: in the same folder, hidden.
    public let temporaryPath: String

    private let descriptor: Mutex<CInt>

    /// Files that are being written now.
    private static let unfinished = Mutex<Set<String>>([])

    /// Starts a file that will appear at `path`. Its folder must exist.
    public init(_ path: String) throws {
        self.path = path
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let name = path[slash...]
        guard !name.isEmpty else {
            throw MediaError(
                .cannotWrite, path, "this names a folder where a file is to be written")
        }
        let mark = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        temporaryPath = "\(path[..<slash]).\(name.prefix(100)).\(getpid())-\(mark).partial"
        let opened = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw Self.error(errno, path) }
        descriptor = Mutex(opened)
        Self.unfinished.withLock { _ = $0.insert(temporaryPath) }
    }

    deinit { discard() }

    /// Appends `bytes`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        try descriptor.withLock { descriptor in
            guard descriptor >= 0 else {
                throw MediaError(.cannotWrite, path, "the file is finished already")
            }
            var rest = bytes
            while !rest.isEmpty {
                #if canImport(Glibc)
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                #else
                let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if count < 0 {
                    if errno == EINTR { continue }
                    throw Self.error(errno, path)
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Closes the file and gives it its name, replacing what was there.
    public func commit() throws {
        try descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            let status = close(descriptor)
            descriptor = -1
            guard status == 0, rename(temporaryPath, path) == 0 else {
                let code = errno
                unlink(temporaryPath)
                Self.forget(temporaryPath)
                throw Self.error(code, path)
            }
            Self.forget(temporaryPath)
        }
    }

    /// Removes what was written. Does nothing after `commit()`.
    public func discard() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            close(descriptor)
            descriptor = -1
            unlink(temporaryPath)
            Self.forget(temporaryPath)
        }
    }

    /// Removes every file that is being written in this process: for a program that ends at once, on
    /// an interrupt, and cannot let its writers be released.
    public static func discardAllUnfinished() {
        for path in unfinished.withLock({ $0 }) { unlink(path) }
    }

    /// Writes `bytes` to `path`, whole or not at all.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try AtomicFile(path)
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.commit()
    }

    private static func forget(_ temporaryPath: String) {
        unfinished.withLock { _ = $0.remove(temporaryPath) }
    }

    static func error(_ code: CInt, _ path: String) -> MediaError {
        let reason =
            code == ENOENT
            ? "cannot be written: its folder does not exist"
            : "cannot be written: \(systemMessage(code))"
        return MediaError(.cannotWrite, path, reason)
    }
}

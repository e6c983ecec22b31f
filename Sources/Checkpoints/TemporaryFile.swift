#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is written under a temporary name and takes its own at the end.
final class TemporaryFile {
    private let path: String
    private let temporaryPath: String
    private var descriptor: Int32

    /// Creates the temporary file beside `path`.
    init(replacing path: String) throws {
        self.path = path
        let mark = String(UInt32.random(in: 0 ... .max), radix: 16)
        temporaryPath = "\(path).\(getpid())-\(mark).partial"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
    }

    deinit { discard() }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            #if canImport(Glibc)
            let count = Glibc.write(descriptor, base + done, bytes.count - done)
            #else
            let count = Darwin.write(descriptor, base + done, bytes.count - done)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            done += count
        }
    }

    /// Closes the file and renames it.
    func commit() throws {
        let closing = descriptor
        descriptor = -1
        guard close(closing) == 0, rename(temporaryPath, path) == 0 else {
            let error = failure()
            unlink(temporaryPath)
            throw error
        }
    }

    /// Removes the temporary file, if it was not committed.
    func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(temporaryPath)
    }

    private func failure() -> CheckpointError {
        let reason =
            switch errno {
            case ENOENT: "its folder does not exist; create it first"
            case EACCES, EROFS: "permission denied; choose another folder"
            case ENOSPC: "the disk is full; free some space"
            case EISDIR: "a folder has that name; choose another name"
            default: CheckpointFile.reason(errno)
            }
        return .unwritable(path: path, reason: reason)
    }
}

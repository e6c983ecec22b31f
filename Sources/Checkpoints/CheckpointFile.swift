#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An open file that is read at given places, never as a whole.
///
/// Reads go through `pread`, not through mapped memory. What mapping is wanted for holds here as well:
/// opening costs nothing, tensors come straight from the page cache when they are asked for, and nothing
/// is resident twice. But a mapped page whose file was truncated by someone else kills the process
/// (SIGBUS) in the middle of a copy, which no check before the copy can rule out; a short `pread` is an
/// error like any other. Mapped pages would also count as resident memory until they are unmapped.
final class CheckpointFile: Sendable {
    let path: String
    /// The length when the file was opened: everything is validated against it.
    let count: Int
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw CheckpointError.unreadable(path: path, reason: Self.reason(errno))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = Self.reason(errno)
            close(descriptor)
            throw CheckpointError.unreadable(path: path, reason: reason)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw CheckpointError.unreadable(
                path: path, reason: Self.kind(status.st_mode) + ", but a regular file is needed")
        }
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Fills `destination` with the bytes that start at `offset`.
    func read(at offset: Int, into destination: UnsafeMutableRawBufferPointer) throws {
        guard let base = destination.baseAddress else { return }
        var done = 0
        while done < destination.count {
            let got = pread(
                descriptor, base + done, destination.count - done, off_t(offset + done))
            if got < 0 {
                if errno == EINTR { continue }
                throw CheckpointError.unreadable(path: path, reason: Self.reason(errno))
            }
            guard got > 0 else {
                throw CheckpointError.unreadable(
                    path: path,
                    reason: "it ends at byte \(offset + done), but had \(count) bytes when it was "
                        + "opened; leave the file alone while it is in use")
            }
            done += got
        }
    }

    /// The bytes of a range that lies within the file.
    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            try read(
                at: offset,
                into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count))
            written = count
        }
    }

    /// Whether there is a file at `path`, readable or not.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such file; check the path"
        case EACCES: "permission denied; make the file readable"
        case ELOOP: "its symbolic links form a loop"
        default: String(cString: strerror(code))
        }
    }

    private static func kind(_ mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFDIR: "it is a folder"
        case S_IFIFO: "it is a pipe"
        case S_IFSOCK: "it is a socket"
        default: "it is a device"
        }
    }
}

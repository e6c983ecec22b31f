import FileAccess

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reading whole files or their beginnings, with an error that names the file.
package enum FileBytes {
    /// The largest file that is read into memory as an image.
    package static let imageLimit = 1 << 30

    /// The bytes of the file at `path`, or its first `prefix` bytes; refuses more than `limit`.
    package static func read(
        _ path: String, prefix: Int? = nil, limit: Int = imageLimit
    ) throws -> [UInt8] {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemError(errno, path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemError(errno, path) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw MediaError(.badData, path, "this is a folder where a file is expected")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw MediaError(.badData, path, "this is a device or pipe where a file is expected")
        }
        let size = min(Int(status.st_size), prefix ?? .max)
        guard size <= limit else {
            throw MediaError(
                .badData, path, "the file has \(status.st_size) bytes; at most \(limit) are read")
        }
        var filled = 0
        var failure: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while filled < size {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, size - filled, off_t(filled)
                )
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { break }
                filled += got
            }
            count = filled
        }
        guard failure == 0 else { throw systemError(failure, path) }
        return bytes
    }

    static func systemError(_ code: CInt, _ path: String) -> MediaError {
        let kind: MediaError.Kind = [ENOENT, ENOTDIR].contains(code) ? .missingInput : .cannotRead
        let reason =
            code == ENOENT
            ? "there is no such file or folder" : "cannot be read: \(systemMessage(code))"
        return MediaError(kind, path, reason)
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What kind of thing a path names.
package enum FileEntry {
    /// A regular file.
    case file
    /// A folder.
    case folder
    /// A device, a pipe, a socket.
    case other
    /// Nothing, or what cannot be looked at.
    case nothing

    /// What is at `path`, following links.
    package init(at path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            self = .nothing
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        default: self = .other
        }
    }
}

/// The system's words for an error number.
package func systemMessage(_ code: CInt) -> String { String(cString: strerror(code)) }

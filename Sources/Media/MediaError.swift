/// What went wrong with a file or a program, in one sentence for the person who chose the file.
public struct MediaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure that a caller may want to tell apart, for example for an exit code.
    public enum Kind: Sendable, Equatable {
        /// A file or folder that was named does not exist, or there is no frame in it.
        case missingInput
        /// The content is damaged, of another format, too large, or does not fit its neighbours.
        case badData
        /// A program that is needed (`ffmpeg`, `ffprobe`) is not installed or does not start.
        case programMissing
        /// A program was ended from outside or failed for a reason that is not in the file.
        case programFailed
        /// Reading failed in the system: permission, a disk error.
        case cannotRead
        /// Writing failed in the system: permission, a full disk, a missing folder.
        case cannotWrite
    }

    /// The kind of failure.
    public let kind: Kind

    /// The file or folder concerned.
    public let path: String

    /// What was found, what was expected and what to do, without the path.
    public let reason: String

    /// An error about the file or folder at `path`.
    public init(_ kind: Kind, _ path: String, _ reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    /// The path and the reason, on one line.
    public var description: String {
        "\(printable(path)): \(reason)"
    }
}

/// `text` on one line, with control characters made visible: paths may hold newlines.
func printable(_ text: some StringProtocol) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case _ where scalar.value < 32 || scalar.value == 127:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

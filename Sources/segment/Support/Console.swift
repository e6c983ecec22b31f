#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the person reads: results on standard output, everything else on standard error.
enum Console {
    /// Whether standard error is a terminal, where a line can be rewritten.
    static let isTerminal = isatty(2) == 1

    /// Writes a line to standard output.
    static func result(_ line: String) {
        write(line + "\n", to: 1)
    }

    /// Writes a line to standard error.
    static func note(_ line: String) {
        write((isTerminal ? "\r\u{1B}[K" : "") + printable(line) + "\n", to: 2)
    }

    /// `text` on one line, with control characters made visible: names come from files and may hold
    /// anything.
    static func printable(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar.properties.generalCategory == .control {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    /// Replaces the terminal's current line by `line`.
    static func rewrite(_ line: String) {
        write("\r\u{1B}[K" + line, to: 2)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                #if canImport(Glibc)
                let written = Glibc.write(descriptor, start, rest.count)
                #else
                let written = Darwin.write(descriptor, start, rest.count)
                #endif
                if written < 0 {
                    if errno == EINTR || errno == EAGAIN { continue }
                    return
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}

import Foundation
import Synchronization

/// The files and folders that this process is writing under temporary names.
///
/// A program that ends at once, on an interrupt, removes them all without waiting for their writers.
package enum Unfinished {
    enum Kind { case file, folder }

    private struct Entries {
        var kinds: [String: Kind] = [:]
        var isClosed = false
    }

    /// Held while anything is made, named or removed: an interrupt finds either all of a step or nothing.
    private static let entries = Mutex(Entries())

    /// Removes everything that is unfinished and lets nothing else begin.
    package static func discardAll() {
        entries.withLock { entries in
            entries.isClosed = true
            // Folders last: the files that are being written into them are gone then, and as no other
            // can begin, none appears in a folder that is being emptied.
            for (path, kind) in entries.kinds where kind == .file { remove(path, kind) }
            for (path, kind) in entries.kinds where kind == .folder { remove(path, kind) }
            entries.kinds = [:]
        }
    }

    /// The hidden name, in the same folder, of what will be at `path`; none where `path` ends in a slash.
    static func temporaryPath(for path: String) -> String? {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let name = path[slash...]
        guard !name.isEmpty else { return nil }
        let start = String(decoding: name.utf8.prefix(100), as: UTF8.self)
        let mark = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        return "\(path[..<slash]).\(start).\(getpid())-\(mark).partial"
    }

    /// Makes `temporaryPath`.
    ///
    /// - Parameters:
    ///   - failure: makes the error that is thrown of the reason for it.
    ///   - make: answers with a negative number, and sets `errno`, where it cannot.
    /// - Returns: what `make` answered.
    static func begin(
        _ kind: Kind, _ temporaryPath: String, failure: (_ reason: String) -> any Error,
        make: () -> CInt
    ) throws -> CInt {
        try entries.withLock { entries in
            guard !entries.isClosed else { throw failure(ending) }
            let made = make()
            guard made >= 0 else { throw failure(reason(errno)) }
            entries.kinds[temporaryPath] = kind
            return made
        }
    }

    /// Gives what is at `temporaryPath` the name `path`, replacing what was there, or removes it where that
    /// fails.
    static func commit(
        _ temporaryPath: String, as path: String, failure: (_ reason: String) -> any Error
    ) throws {
        try entries.withLock { entries in
            guard let kind = entries.kinds.removeValue(forKey: temporaryPath) else {
                throw failure(ending)
            }
            if kind == .folder, FileEntry(at: path) == .folder { remove(path, kind) }
            guard rename(temporaryPath, path) == 0 else {
                let code = errno
                remove(temporaryPath, kind)
                throw failure(reason(code))
            }
        }
    }

    /// Removes what is at `temporaryPath`, unless it is named or removed already.
    static func discard(_ temporaryPath: String) {
        entries.withLock { entries in
            guard let kind = entries.kinds.removeValue(forKey: temporaryPath) else { return }
            remove(temporaryPath, kind)
        }
    }

    private static func remove(_ path: String, _ kind: Kind) {
        switch kind {
        case .file: unlink(path)
        case .folder: try? FileManager.default.removeItem(atPath: path)
        }
    }

    private static let ending = "the program is ending"

    /// Why the system refused, and what to do.
    static func reason(_ code: CInt) -> String {
        switch code {
        case ENOENT: "its folder does not exist; create it first"
        case EACCES, EROFS: "permission denied; choose another folder"
        case ENOSPC, EDQUOT: "the disk is full; free some space"
        case EISDIR: "a folder has that name; choose another name"
        default: systemMessage(code)
        }
    }
}

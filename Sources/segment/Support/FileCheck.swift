import FileAccess
import Foundation

/// Checks of files before they are written.
enum FileCheck {
    /// Refuses to write over an input, over a folder, or, without `force`, over anything.
    static func refuseOverwriting(_ output: String, inputs: [String], force: Bool) throws {
        guard !inputs.contains(where: { isSame(output, $0) }) else {
            throw Failure(
                .cannotCreate, "\(output) is an input itself; choose another name")
        }
        try refuseOtherKind(output, isFolder: false)
        guard force || FileEntry(at: output) == .nothing else {
            throw Failure(
                .cannotCreate,
                "\(output) exists already; --force replaces it, or choose another name")
        }
    }

    /// Refuses a place where something is that an output cannot or must not replace: a folder in the place
    /// of a file, a file in the place of a folder, a device or a pipe.
    static func refuseOtherKind(_ output: String, isFolder: Bool) throws {
        let found: String
        switch FileEntry(at: output) {
        case .nothing: return
        case .file:
            if !isFolder { return }
            found = "file"
        case .folder:
            if isFolder { return }
            found = "folder"
        case .other: found = "device or pipe"
        }
        throw Failure(
            .cannotCreate,
            "\(output) is a \(found), not a \(isFolder ? "folder" : "file"); choose another place")
    }

    /// Whether two paths lead to the same place.
    static func isSame(_ first: String, _ second: String) -> Bool {
        resolved(first) == resolved(second)
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}

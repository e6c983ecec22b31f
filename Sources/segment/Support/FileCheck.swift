import Foundation

/// Checks of files before they are written.
enum FileCheck {
    /// Refuses to write over the input, over a folder, or, without `force`, over anything.
    static func refuseOverwriting(_ output: String, input: String, force: Bool) throws {
        guard !isSame(output, input) else {
            throw Failure(
                .cannotCreate, "\(output) is the input itself; choose another name with -o")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: output, isDirectory: &isFolder) else { return }
        guard !isFolder.boolValue else {
            throw Failure(
                .cannotCreate,
                "\(output) is a folder where a file is to be written; add a file's name")
        }
        guard force else {
            throw Failure(
                .cannotCreate,
                "\(output) exists already; --force replaces it, or choose another name")
        }
    }

    /// Removes unfinished files of this process that will be called `output`, when it is interrupted.
    static func removeUnfinished(_ output: String) {
        let url = URL(fileURLWithPath: output)
        let folder = url.deletingLastPathComponent().path
        let start = "\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)-"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasPrefix(start) && name.hasSuffix(".partial") {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    /// Whether two paths lead to the same place.
    static func isSame(_ first: String, _ second: String) -> Bool {
        resolved(first) == resolved(second)
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}

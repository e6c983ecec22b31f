import Foundation

/// What a folder holds, by name, sorted byte by byte as Python's tools sort it. Hidden entries are passed over.
enum FolderListing {
    /// The names of the folders in a folder.
    static func folders(in path: String) throws -> [String] {
        try names(in: path).filter { isFolder("\(path)/\($0)") }
    }

    /// The names of the files in a folder that end with one of `endings`, without these endings.
    static func stems(in path: String, endings: [String] = [".png"]) throws -> [String] {
        try names(in: path).compactMap { name in
            endings.first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
        }
    }

    /// Whether there is a folder at `path`.
    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// Whether there is anything at `path`.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Throws unless `path` is a folder.
    static func require(_ path: String, as what: String) throws {
        guard exists(path) else {
            throw EvaluationError(.missingInput, "\(path): there is no such folder of \(what)")
        }
        guard isFolder(path) else {
            throw EvaluationError(
                .badData, "\(path): a folder of \(what) is expected, this is a file")
        }
    }

    private static func names(in path: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { !$0.hasPrefix(".") }
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch {
            throw EvaluationError(.missingInput, "\(path): the folder cannot be read")
        }
    }
}

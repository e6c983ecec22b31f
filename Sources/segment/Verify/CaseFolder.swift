import Foundation

/// Finds reference cases.
enum CaseFolder {
    /// The case at `path`, or all cases below it in order of their names.
    static func cases(at path: String) throws -> [String] {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(.missingInput, "\(path): there is no such folder; check the path")
        }
        guard isFolder.boolValue else {
            throw Failure(
                .missingInput, "\(path): a case is a folder that holds case.json, this is a file")
        }
        if manager.fileExists(atPath: "\(path)/case.json") { return [path] }
        let trimmed = FilePath.trimmed(path)
        let found = (manager.enumerator(atPath: path) ?? FileManager.DirectoryEnumerator())
            .compactMap { $0 as? String }
            .filter { FilePath.name(of: $0) == "case.json" }
            .map { "\(trimmed)/\(FilePath.parent(of: $0))" }
            .sorted()
        guard !found.isEmpty else {
            throw Failure(
                .missingInput, "\(path): neither it nor a folder below it holds case.json")
        }
        return found
    }
}

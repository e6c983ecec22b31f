import Foundation
import Testing

/// Files that were made by official code and are kept with the tests.
enum FixtureFiles {
    /// The path of a file or folder among the fixtures.
    static func path(_ name: String) -> String {
        Bundle.module.bundlePath + "/Fixtures/" + name
    }

    /// The names of the folders in a folder of fixtures.
    static func folders(_ name: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []
        return names.filter { !$0.hasPrefix(".") && !$0.contains(".") }.sorted()
    }

    /// A JSON file's content.
    static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        let data = try #require(FileManager.default.contents(atPath: path(name)))
        return try JSONDecoder().decode(type, from: data)
    }

    /// A folder or file of `../shared`, where it lies beside the package.
    static func shared(_ name: String) -> String? {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(package)/../shared/\(name)"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }
}

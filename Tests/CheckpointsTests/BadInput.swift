import Checkpoints
import Testing

/// A file that must be refused with a sentence that says why.
struct BadInput: CustomTestStringConvertible, Sendable {
    let what: String
    let bytes: [UInt8]
    /// What the sentence must name.
    let names: String

    init(_ what: String, _ bytes: [UInt8], names: String) {
        self.what = what
        self.bytes = bytes
        self.names = names
    }

    var testDescription: String { what }

    /// Opens the file, reads all of it, and checks the error.
    func expectRefusal(
        as name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, as: name)
        Self.expectRefusal(of: path, names: names, sourceLocation: sourceLocation)
    }

    static func expectRefusal(
        of path: String, names: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            let source = try openCheckpoint(at: path)
            for entry in source.entries { _ = try source.bytes(entry.name) }
            Issue.record("\(path) was accepted", sourceLocation: sourceLocation)
        } catch let error as CheckpointError {
            let sentence = error.description
            #expect(sentence.contains(names), "\(sentence)", sourceLocation: sourceLocation)
            #expect(sentence.contains(path), "\(sentence)", sourceLocation: sourceLocation)
            #expect(!sentence.contains("\n"), "\(sentence)", sourceLocation: sourceLocation)
            #expect(error.localizedDescription == sentence, sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}

import Checkpoints
import Foundation
import Tensor
import Testing

/// `segment verify` passes what is right and fails what is not.
@Suite(.serialized) struct VerifyTests {
    @Test func aGoodCasePasses() throws {
        let outcome = try SegmentProcess().run(["verify", Fixtures.url("deform_conv").path])
        #expect(outcome.code == 0, "\(outcome.output)")
        #expect(outcome.output.contains("1 of 1 case passed"))
    }

    /// A value that is off by more than the bound, a tensor that nobody computes and a module that is not
    /// known fail, each by its name.
    @Test func whatIsNotRightFails() throws {
        let process = try SegmentProcess()
        try copyCase(to: process.folder.path("cases/off")) { folder in
            // The last element of the last tensor: `out.y`, in the order of names.
            let file = folder.appendingPathComponent("tensors.safetensors")
            var data = try Data(contentsOf: file)
            data.replaceSubrange(data.count - 4..<data.count, with: [0, 0, 0x80, 0x7F])
            try data.write(to: file)
        }
        try copyCase(to: process.folder.path("cases/unknown")) { folder in
            let file = folder.appendingPathComponent("case.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try text.replacingOccurrences(of: "\"deform_conv\"", with: "\"teleport\"")
                .write(to: file, atomically: true, encoding: .utf8)
        }
        try copyCase(to: process.folder.path("cases/extra")) { folder in
            let file = folder.appendingPathComponent("tensors.safetensors").path
            let source = try SafetensorsFile(path: file)
            var writer = SafetensorsWriter()
            for entry in source.entries { try writer.add(entry.name, of: source) }
            writer.add("out.extra", Tensor<Float>(zeros: [2]))
            try writer.write(to: file)
        }
        let outcome = try process.run(["verify", "cases"])
        #expect(outcome.code == 65)
        #expect(outcome.output.contains("0 of 3 cases passed, 2 failed, 1 not known here"))
        #expect(outcome.output.contains("no stage of this name is computed"))
        #expect(outcome.output.contains("teleport"))
        let json = try process.run(["verify", "cases", "--json"])
        #expect(json.code == 65)
        let reports =
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(reports?.map { $0["passed"] as? Bool } == [false, false, false])
    }

    /// A case whose options do not fit its tensors fails by a sentence, not by a trap.
    @Test(arguments: [
        ("\"kernel\":3", "\"kernel\":5"), ("\"padding\":1", "\"padding\":0"),
        ("\"name\":\"weight\"", "\"name\":\"other\""),
    ])
    func aCaseThatDoesNotFitItselfFails(old: String, new: String) throws {
        let process = try SegmentProcess()
        try copyCase(to: process.folder.path("case")) { folder in
            let file = folder.appendingPathComponent("case.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            let changed = text.replacingOccurrences(of: old, with: new)
            #expect(changed != text)
            try changed.write(to: file, atomically: true, encoding: .utf8)
        }
        let outcome = try process.run(["verify", "case"])
        #expect(outcome.code == 65, "\(outcome.errors)")
        #expect(outcome.output.contains("FAILED: "))
    }

    @Test func foldersWithoutCasesAreRefused() throws {
        let process = try SegmentProcess()
        for arguments in [["nothing"], ["tiny.json"], ["."]] {
            let outcome = try process.run(["verify"] + arguments)
            #expect(outcome.code == 66)
            #expect(outcome.errorLines.count == 1)
        }
    }

    private func copyCase(to path: String, change: (URL) throws -> Void) throws {
        let folder = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: Fixtures.url("deform_conv"), to: folder)
        try change(folder)
    }
}

import Checkpoints
import Foundation
import Testing

/// `segment convert` and `segment inspect`.
@Suite(.serialized) struct CheckpointCommandTests {
    @Test func convertedTensorsAreTheSame() throws {
        let process = try SegmentProcess()
        let source = Fixtures.url("state.pth").path
        let outcome = try process.run(["convert", source, "-o", "state.safetensors"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let old = try openCheckpoint(at: source)
        let new = try SafetensorsFile(path: process.folder.path("state.safetensors"))
        #expect(Set(new.entries.map(\.name)) == Set(old.entries.map(\.name)))
        for entry in old.entries {
            #expect(new.entry(named: entry.name)?.shape == entry.shape)
            #expect(new.entry(named: entry.name)?.elementType == entry.elementType)
            #expect(try new.bytes(entry.name) == old.bytes(entry.name))
        }
        #expect(!process.folder.contents().contains { $0.hasSuffix(".partial") })
    }

    @Test func convertRefusesWhatItShould() throws {
        let process = try SegmentProcess()
        let source = Fixtures.url("state.pth").path
        try FileManager.default.copyItem(atPath: source, toPath: process.folder.path("own.pth"))
        try process.folder.write("text", to: "there.safetensors")
        let mistakes: [([String], Int32)] = [
            (["own.pth", "-o", "there.safetensors"], 73),
            (["own.pth", "-o", "own.pth", "--force"], 73),
            (["own.pth", "-o", "."], 73),
            (["own.pth", "-o", "no/such/folder.safetensors"], 73),
            (["there.safetensors", "-o", "new.safetensors"], 65),
            (["nothing.pth", "-o", "new.safetensors"], 66),
            (["own.pth", "-o", "new.safetensors", "--model", "avos-swinb"], 65),
            (["own.pth"], 64),
        ]
        let before = process.folder.contents()
        for (arguments, code) in mistakes {
            let outcome = try process.run(["convert"] + arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
            #expect(outcome.errorLines.count == 1)
        }
        #expect(process.folder.contents() == before)
    }

    @Test func inspectListsTensors() throws {
        let process = try SegmentProcess()
        let source = Fixtures.url("deform_conv/tensors.safetensors").path
        let outcome = try process.run(["inspect", source])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("in.offset  [2, 18, 5, 7]  F32    5040"))
        #expect(outcome.output.contains("model: not recognised"))
        let json = try process.run(["inspect", source, "--json"])
        let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect((value?["tensors"] as? [Any])?.count == 3)
    }
}

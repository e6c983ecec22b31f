import Foundation
import Testing

/// What the program says about itself.
@Suite struct HelpTests {
    /// The help texts are kept as files: a change of the command line shows up as a change of a file.
    /// `MARTLET_WRITE_SNAPSHOTS` set writes them anew.
    @Test(arguments: ["", "run", "convert", "inspect", "verify", "eval", "bench", "train"])
    func helpIsAsRecorded(command: String) throws {
        let outcome = try SegmentProcess().run(
            (command.isEmpty ? [] : [command]) + ["--help"])
        #expect(outcome.code == 0)
        #expect(outcome.errors.isEmpty)
        let name = "help\(command.isEmpty ? "" : "-\(command)").txt"
        if ProcessInfo.processInfo.environment["MARTLET_WRITE_SNAPSHOTS"] != nil {
            let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Fixtures/\(name)")
            try Data(outcome.output.utf8).write(to: source)
        }
        let recorded = try Data(contentsOf: Fixtures.url(name))
        #expect(outcome.output == String(decoding: recorded, as: UTF8.self))
    }

    @Test func noArgumentsGiveTheHelp() throws {
        let outcome = try SegmentProcess().run([])
        #expect(outcome.output.contains("SUBCOMMANDS"))
        #expect(outcome.code == 0)
    }

    @Test func versionNamesWhatTheProgramIsBuiltFor() throws {
        let outcome = try SegmentProcess().run(["--version"])
        #expect(outcome.code == 0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.first?.wholeMatch(of: /segment \d+\.\d+\.\d+/) != nil)
        for word in ["instruction set", "BLAS core", "threads"] {
            #expect(lines.contains { $0.hasPrefix(word) && $0.count > word.count + 1 })
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionsAreThere(shell: String) throws {
        let outcome = try SegmentProcess().run(["--generate-completion-script", shell])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("demo-weights"))
    }

    /// Runs on an emulated processor without AVX: one sentence, no illegal instruction.
    @Test func oldProcessorGetsASentence() throws {
        let emulator = "/usr/bin/qemu-x86_64"
        guard FileManager.default.isExecutableFile(atPath: emulator) else { return }
        let process = try SegmentProcess()
        guard try process.run(["--version"]).output.contains("AVX2") else { return }
        try process.folder.write("#!/bin/sh\nexec \(emulator) -cpu Nehalem \"$@\"\n", to: "old")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: process.folder.path("old"))
        let outcome = try process.run(["--version"], program: process.folder.path("old"))
        #expect(outcome.code == 70)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("this machine lacks AVX2 and FMA"))
    }
}

import Foundation
import Media
import Testing

/// Long inputs: memory, interruption.
@Suite(.serialized) struct StreamingTests {
    /// Ten times as many frames take no more memory.
    ///
    /// The pixels of 108 more frames would take 108 x 640 x 480 x 3 bytes, 100 MB, if they were kept; half of
    /// that is allowed for what allocators do.
    ///
    /// Objects are kept to the end as runs, which are small; they are looked for in clips.
    @Test(arguments: [
        SegmentProcess.tinyModel, SegmentProcess.tinyModel + ["--frame-stride", "2"],
        ObjectTests.tinyModel + ["--clip-length", "3"],
    ])
    func memoryDoesNotGrowWithTheLength(model: [String]) throws {
        let process = try ObjectTests.process()
        try Frames.write(1, to: "source", in: process.folder, width: 640, height: 480)
        var peaks: [Int] = []
        for count in [12, 120] {
            try FileManager.default.createDirectory(
                atPath: process.folder.path("\(count)"), withIntermediateDirectories: true)
            for index in 0..<count {
                try FileManager.default.linkItem(
                    atPath: process.folder.path("source/0.png"),
                    toPath: process.folder.path("\(count)/\(index).png"))
            }
            let outcome = try process.run(
                ["\(count)", "-o", "out\(count)"] + model)
            #expect(outcome.code == 0, "\(outcome.errors)")
            peaks.append(outcome.peakMemory)
        }
        guard peaks[0] > 0 else { return }
        #expect(peaks[1] - peaks[0] < 50 << 20, "\(peaks)")
    }

    /// An interrupt ends the program at once: finished masks may stay, all whole; of the rest nothing is left.
    @Test(arguments: [SIGINT, SIGTERM])
    func interruptLeavesNothingHalfWritten(number: Int32) throws {
        guard !Self.isIgnored(number) else { return }
        let process = try SegmentProcess()
        try Frames.write(400, to: "frames", in: process.folder)
        let folder = process.folder
        var isSent = false
        let outcome = try process.run(
            ["frames", "-o", "out", "--outputs", "masks,overlay,jsonl"] + SegmentProcess.tinyModel
        ) { identifier in
            guard !isSent,
                folder.contents(of: "out/masks").contains(where: { $0.hasSuffix(".png") })
            else { return }
            isSent = true
            kill(identifier, number)
        }
        #expect(isSent)
        #expect(outcome.code == 128 + number)
        #expect(outcome.errorLines.last?.contains("interrupted") == true)
        // An encoder that outlived the program would make its file now.
        usleep(500_000)
        let left = folder.contents(of: "out")
        #expect(Set(left.filter { !$0.hasPrefix("masks") }).isEmpty, "\(left)")
        let masks = left.filter { $0.hasPrefix("masks/") }
        #expect(!masks.isEmpty && masks.count < 400)
        for mask in masks {
            #expect(try ImageFile.readMask(folder.path("out/\(mask)")).shape == [32, 48])
        }
    }

    /// Before the first result there is nothing to keep, not even folders.
    @Test func interruptBeforeTheFirstResultLeavesNothing() throws {
        guard !Self.isIgnored(SIGINT) else { return }
        let process = try SegmentProcess()
        try Frames.write(6, to: "frames", in: process.folder)
        let folder = process.folder
        let before = folder.contents()
        var isSent = false
        let outcome = try process.run(
            // The largest input of the smallest model: seconds until the first result.
            ["frames", "-o", "out", "--size", "480"] + SegmentProcess.tinyModel.dropLast(2)
        ) { identifier in
            guard !isSent, folder.contents().contains("out") else { return }
            isSent = true
            kill(identifier, SIGINT)
        }
        #expect(isSent)
        #expect(outcome.code == 130)
        usleep(500_000)
        #expect(folder.contents() == before)
    }

    /// Whether the tests run where the signal is ignored (in the background of a script): the program, which
    /// inherits that, then goes on.
    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        #if canImport(Darwin)
        let handler = action.__sigaction_u.__sa_handler
        #else
        let handler = action.__sigaction_handler.sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

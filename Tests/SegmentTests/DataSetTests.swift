import Foundation
import Media
import Testing

/// `segment run --dataset` over tiny data sets: layouts, resuming, shards.
@Suite(.serialized) struct DataSetTests {
    /// DAVIS's layout with three sequences of two to four frames, one of them not in the list.
    private static func davis() throws -> SegmentProcess {
        let process = try SegmentProcess()
        for (index, name) in ["bear", "camel", "duck", "unlisted"].enumerated() {
            try Frames.write(
                2 + index % 3, to: "DAVIS/JPEGImages/480p/\(name)", in: process.folder)
        }
        for (list, lines) in [
            ("2017", "bear\ncamel\nduck\n"),
            (
                "480p",
                "/JPEGImages/480p/bear/0.jpg /Annotations/480p/bear/0.png\n"
                    + "/JPEGImages/480p/bear/1.jpg /Annotations/480p/bear/1.png\n"
                    + "/JPEGImages/480p/duck/0.jpg /Annotations/480p/duck/0.png\n"
            ),
        ] {
            try FileManager.default.createDirectory(
                atPath: process.folder.path("DAVIS/ImageSets/\(list)"),
                withIntermediateDirectories: true)
            try process.folder.write(lines, to: "DAVIS/ImageSets/\(list)/val.txt")
        }
        return process
    }

    private static func arguments(_ dataSet: String, _ root: String, _ more: [String]) -> [String] {
        ["run", "--dataset", dataSet, "--root", root] + more + SegmentProcess.tinyModel
    }

    /// The list of 2016 names images and masks, that of 2017 sequences; the masks of 2016 are white on black.
    @Test func listsOfBothYearsAreRead() throws {
        let process = try Self.davis()
        for (dataSet, output, expected) in [
            ("davis16", "a", ["bear", "duck"]), ("davis17", "b", ["bear", "camel", "duck"]),
        ] {
            let outcome = try process.run(Self.arguments(dataSet, "DAVIS", ["-o", output]))
            #expect(outcome.code == 0, "\(outcome.errors)")
            let found = process.folder.contents(of: output)
            #expect(found.filter { !$0.contains("/") } == expected + ["run.json"])
            for (index, name) in ["bear", "camel", "duck"].enumerated()
            where expected.contains(name) {
                let frames = (0..<2 + index).map { "\(name)/\($0).png" }
                #expect(found.filter { $0.hasPrefix("\(name)/") } == frames)
            }
        }
        let values = try ["a", "b"].map {
            Set(try ImageFile.readMask(process.folder.path("\($0)/bear/0.png")).scalars)
        }
        #expect(values[0].isSubset(of: [0, 255]) && values[1].isSubset(of: [0, 1]))
        #expect(values.allSatisfy { $0.count == 2 })
    }

    /// What is there is not made again; what is missing is.
    @Test func aRunGoesOnWhereItStopped() throws {
        let process = try Self.davis()
        let arguments = Self.arguments("davis17", "DAVIS", ["-o", "out"])
        #expect(try process.run(arguments).code == 0)
        let manager = FileManager.default
        let before = try Data(contentsOf: process.folder.url.appending(path: "out/camel/1.png"))
        try manager.removeItem(atPath: process.folder.path("out/camel"))
        try process.folder.write("kept", to: "out/duck/0.png")
        let outcome = try process.run(arguments)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("2 are done already"))
        #expect(
            try Data(contentsOf: process.folder.url.appending(path: "out/camel/1.png")) == before)
        let kept = try String(
            contentsOfFile: process.folder.path("out/duck/0.png"), encoding: .utf8)
        #expect(kept == "kept")
        #expect(!process.folder.contents(of: "out").contains { $0.hasSuffix(".partial") })
    }

    /// The outputs of two shards, copied together, are those of one run.
    @Test func shardsMergeByCopying() throws {
        let process = try Self.davis()
        let runs = [
            ["-o", "whole"], ["-o", "1", "--shard", "1/2"], ["-o", "2", "--shard", "2/2"],
        ]
        for options in runs {
            let outcome = try process.run(Self.arguments("davis17", "DAVIS", options))
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let folder = process.folder
        let first = Set(folder.contents(of: "1")), second = Set(folder.contents(of: "2"))
        #expect(first.intersection(second) == ["run.json"])
        #expect(first.union(second).sorted() == folder.contents(of: "whole"))
        for name in first.union(second) where name.hasSuffix(".png") {
            let part = first.contains(name) ? "1" : "2"
            #expect(
                try Data(contentsOf: folder.url.appending(path: "\(part)/\(name)"))
                    == Data(contentsOf: folder.url.appending(path: "whole/\(name)")))
        }
    }

    /// Outputs of other options are not mixed with those that are there.
    @Test func otherOptionsAreRefused() throws {
        let process = try Self.davis()
        let arguments = Self.arguments("davis16", "DAVIS", ["-o", "out"])
        #expect(try process.run(arguments).code == 0)
        let refused = try process.run(arguments + ["--flip"])
        #expect(refused.code == 73)
        #expect(refused.errors.contains("--flip not given (now yes)"), "\(refused.errors)")
        #expect(try process.run(arguments + ["--flip", "--force"]).code == 0)
        #expect(try process.run(arguments + ["--flip"]).code == 0)
    }

    @Test func foldersOfAnyDepthAreVideos() throws {
        let process = try SegmentProcess()
        for name in ["cat/2", "cat/10", "dog"] {
            try Frames.write(1, to: "set/\(name)", in: process.folder)
        }
        let outcome = try process.run(
            Self.arguments("folders", "set", ["-o", "out", "--shard", "1/1"]))
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(
            process.folder.contents(of: "out").filter { $0.hasSuffix(".png") }
                == ["cat/10/0.png", "cat/2/0.png", "dog/0.png"])
    }

    /// YouTube-Objects keeps its masks among the frames.
    @Test func foldersOfMasksAreNoVideos() throws {
        let process = try SegmentProcess()
        let shot = "cat/data/0001/shots/001"
        for name in [shot, "\(shot)/labels", "cat/data/0001/002/youtube_masks/labels"] {
            try Frames.write(1, to: "set/\(name)", in: process.folder)
        }
        let outcome = try process.run(Self.arguments("youtube-objects", "set", ["-o", "out"]))
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(
            process.folder.contents(of: "out").filter { $0.hasSuffix(".png") } == ["\(shot)/0.png"])
    }

    /// Of a video that was under way when the run was interrupted, nothing is left.
    @Test func interruptedVideosLeaveNothing() throws {
        guard !StreamingTests.isIgnored(SIGINT) else { return }
        let process = try SegmentProcess()
        try Frames.write(1, to: "set/a", in: process.folder)
        try Frames.write(300, to: "set/b", in: process.folder)
        let folder = process.folder
        var isSent = false
        let arguments = Self.arguments("folders", "set", ["-o", "out"])
        let outcome = try process.run(arguments) { identifier in
            guard !isSent,
                folder.contents(of: "out").contains(where: {
                    $0.hasPrefix(".b.") && $0.hasSuffix("/0.png")
                })
            else { return }
            isSent = true
            kill(identifier, SIGINT)
        }
        #expect(isSent && outcome.code == 130)
        usleep(500_000)
        #expect(folder.contents(of: "out") == ["a", "a/0.png", "run.json"])
    }

    /// Each mistake in a data set is one sentence that names the place.
    @Test func mistakesInTheLayoutAreNamed() throws {
        let process = try Self.davis()
        try process.folder.write("../bear\n", to: "DAVIS/ImageSets/2017/up.txt")
        try process.folder.write("bear\nnobody\n", to: "DAVIS/ImageSets/2017/more.txt")
        let mistakes: [([String], Int32, String)] = [
            (["davis17", "DAVIS", "--split", "test"], 66, "2017/test.txt"),
            (["davis17", "nowhere"], 66, "nowhere/JPEGImages"),
            (["davis17", "DAVIS", "--split", "more"], 66, "480p/nobody"),
            (["davis17", "DAVIS", "--split", "up"], 65, "'..' is no name of a video"),
            (["folders", "DAVIS/ImageSets"], 66, "no folder of PNG or JPEG"),
            (["youtube-vis", "DAVIS"], 66, "valid.json"),
            (["a2d", "DAVIS"], 66, "pngs320H"),
            (["a2d", "DAVIS", "--split", "val"], 64, "train and test"),
        ]
        for (arguments, code, words) in mistakes {
            let outcome = try process.run(
                Self.arguments(
                    arguments[0], arguments[1], Array(arguments[2...]) + ["-o", "out", "--quiet"]))
            #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
    }
}

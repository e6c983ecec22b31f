import Foundation
import Masks
import Media
import Testing

/// `segment run` with a model that finds objects: SeqFormer, as small as it can be configured.
@Suite(.serialized) struct ObjectTests {
    /// Options of the smallest such model.
    static let tinyModel = [
        "--demo-weights", "--model", "seqformer-r50", "--config", "objects.json", "--size", "48x32",
    ]

    static func process() throws -> SegmentProcess {
        let process = try SegmentProcess()
        try process.folder.write(
            #"""
            {"hidden_dim": 32, "nheads": 2, "dim_feedforward": 16, "enc_layers": 1, "dec_layers": 2,
             "num_queries": 20}
            """#, to: "objects.json")
        return process
    }

    private static func entries(_ path: String) throws -> [[String: Any]] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let list = try JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        return try #require(list)
    }

    /// The masks of an entry of `results.json`, `nil` for null.
    private static func masks(_ entry: [String: Any]) throws -> [RunLengthMask?] {
        let list = try #require(entry["segmentations"] as? [Any])
        return try list.map { item in
            guard let mask = item as? [String: Any] else { return nil }
            let size = try #require(mask["size"] as? [Int])
            return try RunLengthMask(
                height: size[0], width: size[1],
                compressed: try #require(mask["counts"] as? String))
        }
    }

    /// The surest object is on top in the palette masks, and all outputs tell of the same masks.
    @Test func outputsAgree() throws {
        let process = try Self.process()
        try Frames.write(7, to: "frames", in: process.folder)
        let outcome = try process.run(
            [
                "frames", "-o", "out", "--outputs",
                "masks,objects,overlay,overlay-frames,jsonl,results",
            ] + Self.tinyModel)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let folder = process.folder
        let names = (0..<7).map { "\($0).png" }
        #expect(folder.contents(of: "out/masks") == names)
        #expect(folder.contents(of: "out/overlay") == names)
        let entries = try Self.entries(folder.path("out/results.json"))
        #expect(!entries.isEmpty && entries.count <= 10)
        let lines = try folder.jsonLines(of: "out/frames.jsonl")
        #expect(lines.count == 7)
        var tracks: Set<Int> = []
        for (index, line) in lines.enumerated() {
            #expect(line["frame"] as? Int == index)
            let regions = try #require(line["regions"] as? [[String: Any]])
            let scores = regions.compactMap { $0["score"] as? Double }
            #expect(scores == scores.sorted(by: >))
            var labels = [UInt8](repeating: 0, count: 32 * 48)
            for region in regions.reversed() {
                let track = try #require(region["track"] as? Int)
                tracks.insert(track)
                let file = folder.path("out/objects/\(track)/\(index).png")
                let mask = try ImageFile.readMask(file)
                #expect(mask.scalars.filter { $0 == 255 }.count == region["area"] as? Int)
                for (pixel, value) in mask.scalars.enumerated() where value == 255 {
                    labels[pixel] = UInt8(track)
                }
                let isEntry = try entries.contains { entry in
                    try entry["category_id"] as? Int == region["class"] as? Int
                        && Self.masks(entry)[index]?.area == region["area"] as? Int
                }
                #expect(isEntry)
                #expect((region["name"] as? String)?.isEmpty == false)
            }
            #expect(try ImageFile.readMask(folder.path("out/masks/\(index).png")).scalars == labels)
        }
        // An object that is not seen in a frame has a black mask there.
        for track in tracks { #expect(folder.contents(of: "out/objects/\(track)") == names) }
        #expect(!folder.contents().contains { $0.hasSuffix(".partial") })
    }

    /// A single image is a video of one frame, and the results are among what is written without being asked
    /// for.
    @Test func anImageIsAVideo() throws {
        let process = try Self.process()
        try Frames.write(1, to: "frames", in: process.folder)
        let outcome = try process.run(["frames/0.png", "-o", "out"] + Self.tinyModel)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(
            process.folder.contents(of: "out")
                == ["masks", "masks/0.png", "overlay", "overlay/0.png", "results.json"])
        for entry in try Self.entries(process.folder.path("out/results.json")) {
            #expect(try Self.masks(entry).count == 1)
        }
    }

    /// No object leaves empty outputs, all of them valid.
    @Test func nothingFoundIsAResult() throws {
        let process = try Self.process()
        try Frames.write(3, to: "frames", in: process.folder)
        let outcome = try process.run(
            [
                "frames", "-o", "out", "--score", "1", "--outputs",
                "masks,objects,overlay,jsonl,results",
            ] + Self.tinyModel)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try Self.entries(process.folder.path("out/results.json")).isEmpty)
        #expect(process.folder.contents(of: "out/objects").isEmpty)
        #expect(process.folder.contents(of: "out").contains("overlay.mp4"))
        for index in 0..<3 {
            let mask = try ImageFile.readMask(process.folder.path("out/masks/\(index).png"))
            #expect(mask.scalars.allSatisfy { $0 == 0 })
        }
        let lines = try String(
            contentsOfFile: process.folder.path("out/frames.jsonl"), encoding: .utf8)
        #expect(lines.split(separator: "\n").allSatisfy { $0.contains("\"regions\":[]") })
    }

    /// `--top-k` keeps the surest, `--classes` takes names and ids, `--class-names` names them anew.
    @Test func objectsAreChosen() throws {
        let process = try Self.process()
        try Frames.write(3, to: "frames", in: process.folder)
        func entries(_ name: String, _ options: [String]) throws -> [[String: Any]] {
            let outcome = try process.run(
                ["frames", "-o", name, "--outputs", "results,jsonl"] + options + Self.tinyModel)
            #expect(outcome.code == 0, "\(outcome.errors)")
            return try Self.entries(process.folder.path("\(name)/results.json"))
        }
        let all = try entries("all", [])
        let classes = Set(all.compactMap { $0["category_id"] as? Int })
        let wanted = try #require(classes.sorted().first { $0 > 0 && $0 < 41 })
        #expect(try entries("one", ["--top-k", "1"]).count <= 1)
        let chosen = try entries("chosen", ["--classes", "\(wanted)"])
        #expect(!chosen.isEmpty)
        #expect(chosen.allSatisfy { $0["category_id"] as? Int == wanted })
        let names = (1...41).map { "thing \($0)" }.joined(separator: "\n")
        try process.folder.write(names, to: "names.txt")
        let named = try entries(
            "named", ["--class-names", "names.txt", "--classes", "Thing_\(wanted)"])
        #expect(named.count == chosen.count)
        let lines = try String(
            contentsOfFile: process.folder.path("named/frames.jsonl"), encoding: .utf8)
        #expect(lines.contains("\"name\":\"thing \(wanted)\""))
    }

    /// Clips give a mask for every frame too, whatever their length.
    @Test(arguments: [["--clip-length", "3"], ["--clip-length", "4", "--clip-stride", "3"]])
    func clipsCoverTheVideo(options: [String]) throws {
        let process = try Self.process()
        try Frames.write(8, to: "frames", in: process.folder)
        let outcome = try process.run(["frames", "-o", "out"] + options + Self.tinyModel)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("in clips of \(options[1]) frames"), "\(outcome.errors)")
        #expect(process.folder.contents(of: "out/masks").count == 8)
        for entry in try Self.entries(process.folder.path("out/results.json")) {
            #expect(try Self.masks(entry).count == 8)
        }
    }

    static let mistakes: [(options: [String], code: Int32, words: String)] = [
        (["--classes", "persn"], 64, "there is person"),
        (["--classes", "quetzal"], 64, "giant_panda"),
        (["--classes", "person,77"], 64, "there is no class 77"),
        (["--class-names", "nothing.txt"], 66, "nothing.txt"),
        (["--class-names", "frames"], 65, "not a file"),
        (["--class-names", "empty.txt"], 65, "empty"),
        (["--outputs", "soft"], 64, "finds objects"),
        (["--clip-stride", "9"], 64, "clip length"),
        (["--clip-stride", "9", "--clip-length", "3"], 64, "--clip-length 3"),
        (["--flip"], 64, "flip"),
        (["--memory", "much"], 64, "4GB"),
        (["--memory", "2MB"], 64, "more than the 2.0 MB of --memory"),
        (["--top-k", "0"], 64, "--top-k"),
        (["--score", "nan"], 64, "--score"),
    ]

    @Test(arguments: mistakes.indices) func mistakesAreNamed(index: Int) throws {
        let mistake = Self.mistakes[index]
        let process = try Self.process()
        try Frames.write(2, to: "frames", in: process.folder)
        try process.folder.write("\n\n", to: "empty.txt")
        let before = process.folder.contents()
        let outcome = try process.run(
            ["frames", "-o", "out", "--quiet"] + mistake.options + Self.tinyModel)
        #expect(outcome.code == mistake.code, "\(mistake.options): \(outcome.errors)")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains(mistake.words), "\(outcome.errors)")
        #expect(process.folder.contents() == before)
    }

    /// Options that have no meaning for a model that labels pixels.
    @Test(arguments: [
        ["--top-k", "3"], ["--score", "0.5"], ["--classes", "person"], ["--clip-length", "3"],
        ["--clip-stride", "2"], ["--outputs", "results"], ["--outputs", "masks,objects"],
    ])
    func modelsOfPixelsRefuse(options: [String]) throws {
        let process = try SegmentProcess()
        try Frames.write(1, to: "frames", in: process.folder)
        let outcome = try process.run(
            ["frames", "-o", "out", "--quiet"] + options + SegmentProcess.tinyModel)
        #expect(outcome.code == 64, "\(outcome.errors)")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("objects"), "\(outcome.errors)")
        #expect(!process.folder.contents().contains("out"))
    }

    /// YouTube-VIS's layout: a file of entries for each video, joined when all are there, and scored.
    @Test func aDataSetOfObjectsIsJoined() throws {
        let process = try Self.process()
        var videos: [String] = []
        for (id, name) in [(3, "late"), (1, "early")] {
            try Frames.write(2, to: "set/valid/JPEGImages/\(name)", in: process.folder)
            videos.append(
                """
                {"id": \(id), "width": 48, "height": 32, "length": 2,
                 "file_names": ["\(name)/0.png", "\(name)/1.png"]}
                """)
        }
        let categories = (0...41).map { #"{"id": \#($0), "name": "c\#($0)"}"# }
        try process.folder.write(
            """
            {"videos": [\(videos.joined(separator: ","))],
             "categories": [\(categories.joined(separator: ","))], "annotations": null}
            """, to: "set/valid.json")
        let arguments =
            ["run", "--dataset", "youtube-vis", "--root", "set", "-o", "out"] + Self.tinyModel
        let first = try process.run(arguments + ["--shard", "2/2"])
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.errors.contains("1 of 2 videos are missing"), "\(first.errors)")
        let folder = process.folder
        #expect(folder.contents(of: "out") == ["results", "results/3.json", "run.json"])
        #expect(try process.run(arguments).code == 0)
        let joined = try Self.entries(folder.path("out/results.json"))
        let single = try [1, 3].flatMap { try Self.entries(folder.path("out/results/\($0).json")) }
        #expect(joined.map { $0["video_id"] as? Int } == single.map { $0["video_id"] as? Int })
        #expect(Set(joined.map { $0["video_id"] as? Int }) == [1, 3])
        // The public file has no annotations, so scoring ends with the check of the entries.
        for predictions in ["out/results.json", "out", "out/results"] {
            let scored = try process.run([
                "eval", "youtube-vis", "--predictions", predictions, "--ground-truth",
                "set/valid.json",
            ])
            #expect(scored.code == 65)
            #expect(scored.errors.contains("the \(joined.count) entries"), "\(scored.errors)")
        }
    }
}

import Foundation
import Media
import Tensor
import Testing

/// `segment eval`: tables for people, JSON for machines, a sentence for everything that does not fit.
@Suite struct EvaluateTests {
    private let process: SegmentProcess
    private static let inputs = ["--predictions", "pred", "--ground-truth", "gt"]

    /// Two sequences of five frames, 8x4: a square that the predictions miss by a column.
    init() throws {
        process = try SegmentProcess()
        for sequence in ["hare", "otter"] {
            for (folder, left) in [("gt", 1), ("pred", 2)] {
                let path = process.folder.path("\(folder)/\(sequence)")
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true)
                let pixels = (0..<32).map { UInt8((left..<left + 3).contains($0 % 8) ? 1 : 0) }
                for frame in 0..<5 {
                    try ImageFile.write(
                        indices: Tensor(pixels, shape: [4, 8]), to: "\(path)/0000\(frame).png")
                }
            }
        }
    }

    @Test func scoresArePrintedAndWritten() throws {
        let outcome = try process.run(
            ["eval", "davis16"] + Self.inputs + ["--per-sequence", "--json", "scores.json"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        // Columns 2 and 3 of 1 to 4.
        #expect(outcome.output.contains("J mean    0.500000"))
        #expect(outcome.output.contains("hare"))
        let data = try Data(contentsOf: URL(fileURLWithPath: process.folder.path("scores.json")))
        let report = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let frames = try #require((report["frames"] as? [String: Any])?["rows"] as? [[String: Any]])
        #expect(frames.count == 6)
        #expect(frames.first?["frame"] as? String == "00001")
        // Written once, replaced only where that is wanted.
        let again = ["eval", "davis16"] + Self.inputs + ["--json", "scores.json"]
        #expect(try process.run(again).code == 73)
        #expect(try process.run(again + ["--force"]).code == 0)
    }

    @Test func whatDoesNotFitIsNamed() throws {
        try FileManager.default.removeItem(atPath: process.folder.path("pred/hare/00002.png"))
        try FileManager.default.removeItem(atPath: process.folder.path("pred/otter"))
        let outcome = try process.run(
            ["eval", "davis17"] + Self.inputs + ["--json", "scores.json"])
        #expect(outcome.code == 65)
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.errorLines == [
                "segment: pred/hare: the frame 00002.png is missing in the predictions",
                "segment: pred: the sequence otter is missing in the predictions",
                "segment: nothing was scored: 2 entries do not fit",
            ])
        #expect(!process.folder.contents().contains("scores.json"))
    }

    @Test func mistakesInTheArgumentsAreSaid() throws {
        let cases: [(arguments: [String], code: Int32, words: String)] = [
            (["eval", "davis18"] + Self.inputs, 64, "there is no metric 'davis18'"),
            (["eval", "davis16", "--predictions", "pred"], 64, "--ground-truth is missing"),
            (["eval", "davis16"] + Self.inputs + ["--sequences", "none.txt"], 66, "none.txt"),
            (
                ["eval", "davis16", "--predictions", "pred", "--ground-truth", "nowhere"], 66,
                "nowhere: there is no such folder of ground truth"
            ),
        ]
        for (arguments, code, words) in cases {
            let outcome = try process.run(arguments)
            #expect(outcome.code == code)
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
    }

    @Test func aMetricExplainsItself() throws {
        let outcome = try process.run(["eval", "davis17-unsupervised", "--explain"])
        #expect(outcome.code == 0)
        for words in ["davis2017-evaluation", "at most 20", "void"] {
            #expect(outcome.output.contains(words))
        }
    }

    /// What a run over a data set leaves is what its metric takes.
    @Test func aDataSetIsSegmentedAndScored() throws {
        let shot = "objects/cat/data/0001/shots/001"
        try Frames.write(2, to: shot, in: process.folder)
        let frame = try ImageFile.size(process.folder.path("\(shot)/0.png"))
        let labels = process.folder.path("\(shot)/labels")
        try FileManager.default.createDirectory(
            atPath: labels, withIntermediateDirectories: true)
        try ImageFile.write(
            gray: Tensor(repeating: 255, shape: [frame.height, frame.width]),
            to: "\(labels)/00001.png")
        let run = try process.run(
            ["run", "--dataset", "youtube-objects", "--root", "objects", "-o", "out"]
                + SegmentProcess.tinyModel)
        #expect(run.code == 0, "\(run.errors)")
        let outcome = try process.run([
            "eval", "youtube-objects", "--predictions", "out", "--ground-truth", "objects",
            "--per-sequence",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("cat/0001"))
    }
}

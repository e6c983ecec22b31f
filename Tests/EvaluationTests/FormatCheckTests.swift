import Evaluation
import Foundation
import Media
import Tensor
import Testing

/// What is wrong with the inputs is said, entry by entry, and nothing is scored.
@Suite struct FormatCheckTests {
    /// A copy of the fixtures of DAVIS-2017 in which something can be broken.
    private final class Copy {
        let root = FileManager.default.temporaryDirectory
            .appendingPathComponent("evaluation-tests-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.copyItem(
                at: URL(fileURLWithPath: FixtureFiles.path("davis17-semi")), to: root)
        }

        deinit { try? FileManager.default.removeItem(at: root) }

        func path(_ name: String) -> String { root.appendingPathComponent(name).path }

        func remove(_ name: String) throws {
            try FileManager.default.removeItem(at: root.appendingPathComponent(name))
        }

        /// What the evaluation says is wrong.
        func problems(
            metric: String = "davis17", groundTruth: String = "DAVIS", split: String? = nil,
            sequences: [String]? = nil
        ) throws -> [String] {
            let metric = try #require(EvaluationMetrics.named(metric))
            let request = EvaluationRequest(
                predictions: path("pred"), groundTruth: path(groundTruth), split: split,
                sequences: sequences)
            let error = #expect(throws: EvaluationError.self) { try metric.evaluate(request) }
            return error?.problems ?? []
        }
    }

    @Test func everyMissingEntryIsNamed() throws {
        let copy = try Copy()
        try copy.remove("pred/void")
        try copy.remove("pred/plain/00003.png")
        try copy.remove("pred/plain/00004.png")
        // The ends are not scored and may be missing.
        try copy.remove("pred/plain/00000.png")
        let problems = try copy.problems()
        #expect(problems.count == 3)
        #expect(
            problems.contains {
                $0.hasSuffix("pred: the sequence void is missing in the predictions")
            })
        for frame in ["00003.png", "00004.png"] {
            #expect(problems.contains { $0.contains("pred/plain: the frame \(frame) is missing") })
        }
    }

    @Test func wrongMasksAreNamed() throws {
        let copy = try Copy()
        func write(_ value: UInt8, height: Int, width: Int, to name: String) throws {
            var pixels = [UInt8](repeating: 0, count: height * width)
            pixels[5] = value
            try ImageFile.write(
                indices: Tensor(pixels, shape: [height, width]), to: copy.path("pred/plain/\(name)")
            )
        }
        try write(4, height: 48, width: 86, to: "00002.png")
        try write(1, height: 47, width: 86, to: "00003.png")
        try ImageFile.write(
            rgb: Tensor(repeating: 9, shape: [48, 86, 3]), to: copy.path("pred/plain/00004.png"))
        try Data("no image".utf8).write(
            to: URL(fileURLWithPath: copy.path("pred/plain/00005.png")))
        // Not scored, so it may hold anything.
        try write(200, height: 48, width: 86, to: "00000.png")
        let problems = try copy.problems()
        #expect(problems.count == 4)
        let expected = [
            "00002.png: a pixel has index 4, but the sequence has 3 objects",
            "00003.png: the prediction is 86x47, its ground truth 86x48",
            "00004.png: a mask is a PNG with a palette or with 8-bit gray levels, this one has 8-bit RGB colours",
            "00005.png: this is neither a PNG nor a JPEG image",
        ]
        for (problem, expected) in zip(problems, expected) {
            #expect(problem.contains(expected), "\(problem)")
        }
    }

    @Test func moreThanTwentyProposalsAreRefused() throws {
        let copy = try Copy()
        var pixels = [UInt8](repeating: 0, count: 48 * 86)
        pixels[0] = 21
        try ImageFile.write(
            indices: Tensor(pixels, shape: [48, 86]), to: copy.path("pred/plain/00000.png"))
        let problems = try copy.problems(
            metric: "davis17-unsupervised", groundTruth: "DAVIS/Annotations/480p",
            sequences: ["plain"])
        #expect(problems.count == 1)
        #expect(problems.first?.contains("index 21, but at most 20 proposals") == true)
    }

    @Test func placesThatAreNotThereAreNamed() throws {
        let copy = try Copy()
        #expect(
            try copy.problems(groundTruth: "nowhere").first?.contains("there is no such folder")
                == true)
        #expect(
            try copy.problems(split: "train").first?
                .contains("there is no list of the part 'train'") == true)
        #expect(
            try copy.problems(sequences: ["unicorn"]).first?
                .contains("the sequence unicorn has no folder in the ground truth") == true)
        try copy.remove("pred")
        #expect(
            try copy.problems().first?.contains("there is no such folder of predictions") == true)
    }

    @Test func tooShortSequencesAreNamed() throws {
        let copy = try Copy()
        for frame in 2..<8 {
            try copy.remove("DAVIS/Annotations/480p/plain/0000\(frame).png")
        }
        #expect(try copy.problems().first?.contains("there are 2 frames, and none is left") == true)
    }

    @Test func whatIsNotUsedIsListed() throws {
        let copy = try Copy()
        try FileManager.default.copyItem(
            atPath: copy.path("pred/plain"), toPath: copy.path("pred/spare"))
        try FileManager.default.copyItem(
            atPath: copy.path("pred/plain/00001.png"), toPath: copy.path("pred/plain/00099.png"))
        let report = try #require(EvaluationMetrics.named("davis17")).evaluate(
            EvaluationRequest(predictions: copy.path("pred"), groundTruth: copy.path("DAVIS")))
        #expect(
            report.ignored.contains { $0.hasSuffix("pred/plain: 1 frame without ground truth") })
        #expect(report.ignored.contains { $0.contains("pred/spare: a folder that is no sequence") })
    }
}

/// The real sequences of `../shared`, where they are: J and F of every frame to the six digits that are kept.
@Suite struct GoldenDAVISTests {
    @Test func everyFrameAgrees() throws {
        guard let folder = FixtureFiles.shared("data/metrics/davis") else { return }
        let request = EvaluationRequest(
            predictions: "\(folder)/pred-osvos", groundTruth: "\(folder)/gt")
        let report = try #require(EvaluationMetrics.named("davis16")).evaluate(request)
        var golden: [String: [Double]] = [:]
        for row in try rows("\(folder)/golden_frames.csv") {
            golden["\(row[0])/\(row[1])"] = row.dropFirst(2).compactMap { Double($0) }
        }
        let frames = try #require(report.frames).rows
        #expect(frames.count == golden.count - 2 * 8)
        for frame in frames {
            let expected = try #require(golden["\(frame.sequence)/\(frame.frame)"])
            #expect(zip(frame.values, expected).allSatisfy { abs($0 - $1) <= 1e-6 }, "\(frame)")
        }
        let sequences = try #require(report.table("sequence"))
        for row in try rows("\(folder)/golden_sequences.csv") where row[0] != "MEAN" {
            let found = try #require(sequences[row[0]])
            let expected = row.dropFirst(2).compactMap { Double($0) }
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-6 }, "\(row)")
        }
        // The ends of a sequence are not scored, but kept too: all frames by the other protocol.
        let all = try #require(EvaluationMetrics.named("davis16-medvt")).evaluate(request)
        for frame in try #require(all.frames).rows {
            let expected = try #require(golden["\(frame.sequence)/\(frame.frame)"])
            #expect(abs(frame.values[0] - expected[0]) <= 1e-6, "\(frame)")
        }
    }

    private func rows(_ path: String) throws -> [[String]] {
        try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
            .dropFirst()
            .map { $0.split(separator: ",").map(String.init) }
    }
}

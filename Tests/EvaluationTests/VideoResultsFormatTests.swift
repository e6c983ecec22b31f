import Evaluation
import Foundation
import Testing

/// Each thing that can be wrong with a `results.json` or an annotation file is named with its place.
@Suite struct VideoResultsFormatTests {
    private static let annotations = """
        {"videos": [{"id": 3, "height": 2, "width": 3, "length": 2, "file_names": ["a/0.jpg", "a/1.jpg"]}],
         "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
         "annotations": [{"id": 1, "video_id": 3, "category_id": 1, "iscrowd": 0, "areas": [2, null],
            "segmentations": [{"size": [2, 3], "counts": [1, 2, 3]}, null]}]}
        """

    private static func entry(
        video: String = "3", category: String = "1", score: String = "0.5",
        segmentations: String = #"[{"size": [2, 3], "counts": [1, 2, 3]}, null]"#
    ) -> String {
        #"{"video_id": \#(video), "category_id": \#(category), "score": \#(score), "segmentations": \#(segmentations)}"#
    }

    private func evaluate(
        _ results: String, _ annotations: String = annotations
    ) throws -> EvaluationReport {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("format-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (truth, given) = (
            folder.appendingPathComponent("gt.json"), folder.appendingPathComponent("results.json")
        )
        try Data(annotations.utf8).write(to: truth)
        try Data(results.utf8).write(to: given)
        let metric = try #require(EvaluationMetrics.named("youtube-vis"))
        return try metric.evaluate(
            EvaluationRequest(predictions: given.path, groundTruth: truth.path))
    }

    private func problems(
        _ results: String, _ annotations: String = annotations
    ) throws -> [String] {
        do {
            _ = try evaluate(results, annotations)
            return []
        } catch let error as EvaluationError {
            return error.problems
        }
    }

    @Test func aRightEntryIsFound() throws {
        // The official code adds the smallest step from 1 to what it divides by.
        let precision = try #require(try evaluate("[\(Self.entry())]")["AP"])
        #expect(abs(precision - 1) <= 1e-15)
    }

    @Test(arguments: [
        (entry(video: "4"), "[0]: the video 4 is not in the annotation file, which has 3 to 3"),
        (entry(category: "7"), "[0]: the category 7 is not in the annotation file"),
        (entry(score: "NaN"), "[0]: the score is nan"),
        (entry(score: "-Infinity"), "[0]: the score is -inf"),
        (entry(score: "1e999"), "[0]: the score is inf"),
        (entry(score: "\"high\""), "[0]: a number is expected"),
        (
            entry(segmentations: "[null]"),
            "[0]: there are 1 segmentations, but video 3 has 2 frames"
        ),
        (
            entry(segmentations: #"[null, {"size": [2, 4], "counts": [8]}]"#),
            "[0].segmentations[1]: the mask's size is [2, 4], that of video 3 is [2, 3]"
        ),
        (
            entry(segmentations: #"[{"size": [2, 3], "counts": [1, 2]}, null]"#),
            "[0].segmentations[0]: the mask is damaged: the runs cover 3 pixels, the mask has 6"
        ),
        (
            entry(segmentations: #"[{"size": [2, 3], "counts": "zz"}, null]"#),
            "[0].segmentations[0]: the mask is damaged"
        ),
        (
            entry(segmentations: #"[{"counts": [6]}, null]"#),
            "[0].segmentations[0]: the mask has no 'size'"
        ),
        (entry(segmentations: "[3, null]"), "[0]: a frame's segmentation is an object"),
        (#"{"video_id": 3, "score": 1}"#, "[0]: category_id, segmentations missing"),
    ])
    func aWrongEntryIsNamed(_ entry: String, _ sentence: String) throws {
        let problems = try problems("[\(entry)]")
        #expect(problems.count == 1)
        #expect(problems.first?.contains(sentence) == true, "\(problems)")
    }

    @Test func everyWrongEntryIsNamed() throws {
        let text = "[\(Self.entry(video: "9")), \(Self.entry()), \(Self.entry(category: "9"))]"
        let problems = try problems(text)
        #expect(problems.count == 2)
        #expect(problems.last?.contains("[2]: the category 9") == true)
    }

    @Test(arguments: ["", "{}", "[", "[{]", "[] x", "null"])
    func whatIsNoListOfEntriesIsRefused(_ text: String) throws {
        #expect(try problems(text).count == 1)
    }

    @Test func noEntriesScoreNothing() throws {
        let report = try evaluate("[]")
        #expect(report["AP"] == 0)
        #expect(report["AR100"] == 0)
    }

    @Test func filesWithoutAnnotationsAreCheckedAndNotScored() throws {
        let annotations = """
            {"videos": [{"id": 3, "height": 2, "width": 3, "length": 2}], "annotations": null,
             "categories": [{"id": 1, "name": "cat"}]}
            """
        #expect(
            try problems("[\(Self.entry())]", annotations).first?
                .contains("there are no annotations in it") == true)
        #expect(
            try problems("[\(Self.entry(category: "2"))]", annotations).first?
                .contains("the category 2 is not") == true)
    }

    @Test func annotationsOfOtherVideosAreListed() throws {
        let annotations = Self.annotations.replacing(
            #""annotations": ["#,
            with:
                #""annotations": [{"id": 8, "video_id": 5, "category_id": 1, "segmentations": []}, "#
        )
        let report = try evaluate("[\(Self.entry())]", annotations)
        #expect(report.ignored.count == 1)
        #expect(report.ignored.first?.contains("annotations[0]: its video 5") == true)
    }

    /// The official code marks matches by id: an object whose id is 0 is matched and yet not found.
    @Test func theIdentifierZeroIsNeverFound() throws {
        let annotations = Self.annotations.replacing(
            #""id": 1, "video_id""#, with: #""id": 0, "video_id""#)
        #expect(try evaluate("[\(Self.entry())]", annotations)["AP"] == 0)
    }

    @Test func repeatedEntriesAreTold() throws {
        let report = try evaluate("[\(Self.entry()), \(Self.entry()), \(Self.entry())]")
        #expect(report.remarks.contains { $0.contains("[1] repeats [0], and 1 more") })
    }

    @Test func sharedIdentifiersAreRefused() throws {
        let annotations = Self.annotations.replacing(#""id": 2, "name""#, with: #""id": 1, "name""#)
        #expect(
            try problems("[]", annotations).first?.contains("two entries have the category id 1")
                == true)
    }
}

import Checkpoints
import Foundation
import Masks
import Models
import TestSupport
import Testing

/// Objects of whole videos and of matched clips against the official programs: the shared cases, and every case
/// of SeqFormer below the folder that `MARTLET_CASES` names.
@Suite(.serialized) struct InstanceCaseTests {
    static let cases: [String] = {
        var folders: [String] = []
        if let known = ReferenceFolder.path("seqformer/r50_t3") {
            folders.append("\(known)/..")
        }
        if let other = ProcessInfo.processInfo.environment["MARTLET_CASES"] {
            folders.append(other)
        }
        return folders.flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
                .map { "\(folder)/\($0)" }
                .filter {
                    FileManager.default.fileExists(atPath: "\($0)/results.json")
                        && (try? ReferenceCase(path: $0))?.config["model"]?.string == "seqformer"
                }
        }
    }()

    /// The strings of pycocotools for the masks of maps that are stretched: exact.
    @Test func runsOfStretchedMaps() throws {
        guard let path = ReferenceFolder.path("seqformer/modules/mask_postprocess") else { return }
        let referenceCase = try ReferenceCase(path: path)
        let groups = try #require(referenceCase.config["rle"]?.array)
        for (index, group) in groups.enumerated() {
            let logits = try referenceCase.tensors.floats("logits\(index)").squeezed(axis: 1)
            let expected = try #require(group.array)
            let size = try #require(expected.first?["size"]?.ints)
            let masks = RunLengthMask.masks(
                of: logits, resized: .bilinear(height: size[0], width: size[1]), above: 0)
            #expect(masks.map(\.compressed) == expected.compactMap { $0["counts"]?.string })
        }
    }

    @Test(arguments: cases)
    func results(path: String) throws {
        let referenceCase = try ReferenceCase(path: path)
        let instanceCase = try InstanceCase(referenceCase, weights: referenceCase.weights)
        let comparison = try instanceCase.compareResults()
        #expect(
            comparison.passes,
            """
            \(path): \(comparison.problems), scores \(comparison.largestScoreDifference), \
            \(comparison.wrongPixels) wrong of \(comparison.pixels) pixels
            """)
        let outputs = try instanceCase.outputs()
        for name in referenceCase.tensors.entries.map(\.name)
        where !InstanceCase.inputs.contains(name) {
            guard let tensor = outputs[name] else {
                Issue.record("\(path): nothing is computed for \(name)")
                continue
            }
            let result = try referenceCase.compare(tensor, to: name)
            let bound =
                referenceCase.tolerance(name)?.bound ?? instanceCase.bounds[name]
                ?? result.tolerance.bound
            #expect(result.largestDifference <= bound, "\(path): \(result)")
        }
    }
}

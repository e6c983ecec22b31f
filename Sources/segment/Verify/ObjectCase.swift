import Checkpoints
import Models
import Tensor

/// A case of a model that finds objects: a video in, every recorded stage and the official `results.json` out.
struct ObjectCase {
    private let referenceCase: ReferenceCase

    init(_ referenceCase: ReferenceCase) {
        self.referenceCase = referenceCase
    }

    /// Whether a case is of this kind: it has the frames of a video and the results for it.
    static func describes(_ referenceCase: ReferenceCase) -> Bool {
        referenceCase.config["model"]?.string == SeqFormerConfiguration.family
            && referenceCase.tensors.entry(named: "frames") != nil
    }

    func verify(_ source: any WeightSource) throws -> [StageReport] {
        let objects = try InstanceCase(referenceCase, weights: source)
        let outputs = try objects.outputs()
        let bounds = objects.bounds
        let comparison = StageComparison(referenceCase)
        let names = referenceCase.tensors.entries.map(\.name)
            .filter { !InstanceCase.inputs.contains($0) }
        let stages = try names.map { name in
            guard let tensor = outputs[name] else {
                return StageReport(name: name, failure: "no stage of this name is computed")
            }
            return try comparison.compare(name, tensor, bound: bounds[name])
        }
        return stages + Self.reports(of: try objects.compareResults())
    }

    /// What became of `results.json`: its entries, its scores, its masks.
    private static func reports(of results: ResultsComparison) -> [StageReport] {
        [
            StageReport(
                name: "results.json entries", difference: Double(results.problems.count),
                standardDeviation: nil, bound: 0,
                note: results.problems.isEmpty ? nil : results.problems.joined(separator: "; ")),
            StageReport(
                name: "results.json scores", difference: results.largestScoreDifference,
                standardDeviation: nil, bound: results.scoreBound),
            StageReport(
                name: "results.json masks", difference: Double(results.wrongPixels),
                standardDeviation: nil, bound: 0,
                note: "of \(results.pixels) pixels, \(results.differingPixels) differ, "
                    + "\(results.wrongPixels) of them far from the threshold"),
        ]
    }
}

import Checkpoints
import Foundation
import Models
import Tensor
import Testing

/// Runs a module case of `Fixtures` and expects each of its outputs within the case's bound, and all of
/// its weights taken.
func expectModuleCase(_ name: String) throws {
    let path = try #require(Bundle.module.resourceURL).appending(path: "Fixtures/\(name)").path
    let reference = try ReferenceCase(path: path)
    let weights = WeightScope(reference.weights)
    let outputs = try ModuleCases.outputs(of: reference, weights: weights)
    #expect(try weights.finish().isComplete)
    let stored = reference.tensors.entries.map(\.name).filter { $0.hasPrefix("out.") }
    #expect(Set(stored) == Set(outputs.keys))
    for (output, value) in outputs {
        let expected = try reference.tensors.floats(output)
        try #require(value.shape == expected.shape)
        let bound = try #require(reference.tolerance(String(output.dropFirst(4)))).bound
        #expect(largestDifference(value, expected) <= bound, "\(name) \(output)")
    }
}

/// Runs a backbone on a video case's input and expects its levels within the case's bounds.
func expectBackboneCase(_ backbone: some Backbone, _ reference: ReferenceCase) throws {
    let recorder = Recorder()
    let input = try reference.tensors.floats("input").transposed(0, 2, 3, 1)
    _ = backbone(input, recorder: recorder)
    let stored = reference.tensors.entries.map(\.name).filter { $0.hasPrefix("backbone.") }
    #expect(Set(stored) == Set(recorder.tensors.keys))
    for (name, value) in recorder.tensors {
        let comparison = try reference.compare(value, to: name)
        #expect(comparison.passes, "\(comparison)")
    }
}

private func largestDifference(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Double {
    zip(a.scalars, b.scalars).reduce(0) { largest, pair in
        let difference = abs(Double(pair.0) - Double(pair.1))
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}

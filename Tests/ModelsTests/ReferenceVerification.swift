import Checkpoints
import Foundation
import Models
import Tensor
import TestSupport
import Testing

/// Runs reference cases and checks every stored output within the case's own bound.
enum ReferenceVerification {
    /// The folder of a case among this target's fixtures.
    static func fixture(_ name: String) -> String {
        "\(Bundle.module.resourcePath ?? ".")/Fixtures/\(name)"
    }

    /// Runs the module of a case.
    static func verifyModule(_ path: String) throws {
        let reference = try ReferenceCase(path: path)
        let weights = WeightScope(reference.weights)
        let result = try ModuleCases.outputs(of: reference, weights: weights)
        try weights.finish()
        try compare(result.outputs, with: reference) { !result.inputs.contains($0) }
    }

    /// The model of a case, loaded strictly.
    static func model(of reference: ReferenceCase) throws -> MEDVT {
        struct Manifest: Decodable { let config: MEDVTConfiguration }
        let manifest = try Data(contentsOf: URL(fileURLWithPath: "\(reference.path)/case.json"))
        let configuration = try JSONDecoder().decode(Manifest.self, from: manifest).config
        let weights = WeightScope(reference.weights)
        let model = try MEDVT(configuration, weights: weights)
        try weights.finish()
        return model
    }

    /// Builds the model of a case and runs it on the case's clip.
    static func verifyModel(_ path: String) throws {
        let reference = try ReferenceCase(path: path)
        let model = try model(of: reference)
        let names = reference.tensors.entries.map(\.name).filter {
            !["input", "mask"].contains($0)
        }
        let recorder = Recorder(names: Set(names))
        _ = model(try clip(of: reference), recorder: recorder)
        try compare(recorder.tensors, with: reference) { names.contains($0) }
    }

    private static func clip(of reference: ReferenceCase) throws -> Clip {
        let frames = try reference.tensors.floats("input").transposed(0, 2, 3, 1).contiguous()
        let mask = try reference.tensors.integers("mask")
        let padding = mask.scalars.map { $0 != 0 }
        return Clip(
            frames: frames,
            paddingMask: padding.contains(true) ? Tensor(padding, shape: mask.shape) : nil)
    }

    private static func compare(
        _ outputs: [String: Tensor<Float>], with reference: ReferenceCase,
        where isCompared: (String) -> Bool
    ) throws {
        for entry in reference.tensors.entries where isCompared(entry.name) {
            guard let output = outputs[entry.name] else {
                Issue.record("\(reference.path): nothing is computed for \(entry.name)")
                continue
            }
            let comparison = try reference.compare(output, to: entry.name)
            #expect(comparison.passes, "\(reference.path): \(comparison)")
        }
    }
}

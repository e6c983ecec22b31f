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
        let outputs = try ModuleCases.outputs(of: reference, weights: weights)
        try weights.finish()
        try compare(outputs, with: reference) { !$0.hasPrefix("in.") }
    }

    /// The model of a case, loaded strictly.
    private static func model(of reference: ReferenceCase) throws -> MEDVT {
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

    /// Predicts the first `windowCount` of a case's windows by the protocol of the official evaluation on
    /// DAVIS; each takes 14 runs of the model.
    static func verifyDAVISProtocol(_ path: String, windowCount: Int) throws {
        let reference = try ReferenceCase(path: path)
        let model = try model(of: reference)
        let size = try #require(reference.config["val_size"]?.int)
        let scales = try #require(reference.config["scales"]?.array).compactMap(\.double)
        let centres = try #require(reference.config["centers"]?.ints)
        let expectedWindows = try #require(reference.config["windows"]?.array).compactMap(\.ints)
        let stored = try reference.tensors.integers("frames")
        let frames = Tensor(stored.scalars.map { UInt8($0) }, shape: stored.shape)
        let preprocessing = Preprocessing(shortSide: size)
        let plan = WindowPlan(
            frameCount: frames.shape[0], clipLength: model.clipLength, windowProtocol: .official)
        #expect(centres.map { plan[$0].frames } == expectedWindows)
        #expect(centres.map { plan[$0].kept } == centres.map { [.init(position: 3, frame: $0)] })

        let clips = centres.prefix(windowCount).map { centre in
            Clip(frames: stacked(plan[centre].frames.map { preprocessing(frames[$0]) }))
        }
        let input = try reference.tensors.floats("network_input_first_window")
        let prepared = clips[0].frames[0..<input.shape[0]].transposed(0, 3, 1, 2)
        #expect(try reference.compare(prepared, to: "network_input_first_window").passes)

        let probabilities = try clips.map { clip in
            let predictions = model.predictions(
                for: clip, height: frames.shape[1], width: frames.shape[2],
                positions: Array(0..<model.clipLength),
                augmentation: TestTimeAugmentation(scales: scales, flip: .mean))
            return stacked(
                try predictions.map { prediction in
                    guard case .foreground(let probability) = prediction else {
                        throw VerificationError.missingOption(name: "num_classes", path: path)
                    }
                    return probability
                })
        }
        let difference = stacked(probabilities).largestDifference(
            from: try reference.tensors.floats("prob")[0..<windowCount].contiguous())
        // The logits of a model of this size pass within 4e-4; a sigmoid's slope is at most 1/4.
        #expect(difference < 1e-4, "probabilities differ by \(difference)")
    }
}

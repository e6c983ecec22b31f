import Checkpoints
import Foundation
import Models
import Tensor

/// A case of a whole model: a clip in, every recorded stage out.
struct ModelCase {
    private let referenceCase: ReferenceCase
    private static let inputs: Set<String> = ["input", "mask"]

    init(_ referenceCase: ReferenceCase) {
        self.referenceCase = referenceCase
    }

    func verify(_ source: any WeightSource) throws -> [StageReport] {
        let model = try Self.model(referenceCase, source)
        let names = referenceCase.tensors.entries.map(\.name).filter { !Self.inputs.contains($0) }
        let recorder = Recorder(names: Set(names))
        model.forward(try clip(frames: model.clipLength), recorder: recorder)
        return try StageComparison(referenceCase).compareAll(
            with: recorder.tensors, inputs: { Self.inputs.contains($0) })
    }

    /// The model of a case, loaded strictly.
    static func model(
        _ referenceCase: ReferenceCase, _ source: any WeightSource
    ) throws -> any SegmentationModel {
        let name = referenceCase.config["model"]?.string ?? ""
        guard let family = ModelFamilies.family(named: name) else {
            throw Failure(.badData, "\(referenceCase.path): there is no model '\(name)' here")
        }
        let scope = WeightScope(source)
        let model = try configuration(of: referenceCase, as: family).model(scope)
        try scope.finish()
        return model
    }

    private static func configuration<Configuration: ModelConfiguration>(
        of referenceCase: ReferenceCase, as family: Configuration.Type
    ) throws -> any ModelConfiguration {
        let path = "\(referenceCase.path)/case.json"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try JSONDecoder().decode(Manifest<Configuration>.self, from: data).config
    }

    private func clip(frames: Int?) throws -> Clip {
        let input = try referenceCase.tensors.floats("input")
        guard input.rank == 4, input.shape[1] == 3, input.shape[0] == frames ?? input.shape[0]
        else {
            throw Failure(
                .badData,
                "\(referenceCase.path): the input has the shape \(input.shape), expected "
                    + "[\(frames.map(String.init) ?? "frames"), 3, height, width]")
        }
        let images = input.transposed(0, 2, 3, 1)
        guard referenceCase.tensors.entry(named: "mask") != nil else { return Clip(frames: images) }
        let mask = try referenceCase.tensors.integers("mask")
        guard mask.shape == Array(images.shape.dropLast()) else {
            throw Failure(
                .badData,
                "\(referenceCase.path): the mask has the shape \(mask.shape), the frames \(input.shape)"
            )
        }
        let padding = mask.mappedElements { $0 != 0 }
        return Clip(frames: images, paddingMask: padding.scalars.contains(true) ? padding : nil)
    }
}

/// The part of `case.json` that says what to build.
private struct Manifest<Configuration: Decodable>: Decodable {
    let config: Configuration
}

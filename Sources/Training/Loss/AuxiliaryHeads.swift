import Models
import Tensor

/// Linear layers that give logits of the pixel decoder's maps, in training only: they lead gradients to
/// the deep layers by a shorter way.
struct AuxiliaryHeads: Sendable {
    /// The maps, by the names under which a model records them.
    static let maps = ["fpn0", "fpn1", "fpn2"]

    private static let prefix = "auxiliary_heads"

    /// Values to begin with, by name: zeros.
    static func initialValues(channels: Int) -> [String: Tensor<Float>] {
        var values: [String: Tensor<Float>] = [:]
        for map in maps {
            values["\(prefix).\(map).weight"] = Tensor(zeros: [1, channels])
            values["\(prefix).\(map).bias"] = Tensor(zeros: [1])
        }
        return values
    }

    /// Whether a tensor belongs to these heads and not to the model.
    static func owns(_ name: String) -> Bool { name.hasPrefix("\(prefix).") }

    /// The logits, `[frames, h, w, 1]`, of each map that `recorder` has kept.
    static func logits(
        _ recorder: Recorder, _ parameters: [String: Tensor<Float>]
    ) -> [Tensor<Float>] {
        let recorded = recorder.tensors
        return maps.compactMap { map in
            guard let kept = recorded[map], let weight = parameters["\(prefix).\(map).weight"],
                let bias = parameters["\(prefix).\(map).bias"]
            else { return nil }
            let features = kept.transposed(0, 2, 3, 1)
            return linear(features, PackedMatrix(weight), bias: bias)
        }
    }
}

import Checkpoints
import Layers
import Tensor

extension ModuleCases {
    /// Label propagation in its modes and at several scales.
    static let labelPropagation: [String: Entry] = [
        "label_propagator": labelPropagator
    ]

    private static let labelPropagator: Entry = { module in
        let (logits, features) = (try module.map("masks"), try module.map("feats"))
        guard
            let mode = MEDVTConfiguration.LabelPropagationMode(
                rawValue: try module.option("lprop_mode", atLeast: 0)), mode != .off
        else {
            throw VerificationError.missingOption(
                name: "lprop_mode", path: module.referenceCase.path)
        }
        let classes = try module.option("n_class")
        let extent = Array(logits.shape[1...2])
        try module.require("masks", logits.shape, [features.shape[0]] + extent + [classes])
        let propagator = try LabelPropagator(
            module.weights, mode: mode, scale: try module.number("lprop_scale", in: 1...64),
            channels: features.shape[3], keyChannels: try module.option("key_dim"),
            classes: classes)
        let size = propagator.propagationSize(height: logits.shape[1], width: logits.shape[2])
        let recorder = Recorder()
        let refined = propagator(
            logits, features: resizedNearest(features, height: size.height, width: size.width),
            recorder: recorder)
        var outputs = ["y": refined.transposed(3, 0, 1, 2)]
        for name in ["label_enc", "self_attn", "cross_attn", "prop"] {
            outputs[name] = recorder.tensors["lprop.\(name)"]
        }
        return outputs
    }
}

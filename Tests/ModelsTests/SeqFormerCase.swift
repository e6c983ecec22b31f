import Checkpoints
import Foundation
import Models
import Tensor
import Testing

/// A reference case of a whole SeqFormer: frames in, every stage that the official code has out.
struct SeqFormerCase {
    let reference: ReferenceCase
    let model: SeqFormer

    /// Opens a case and loads its model strictly.
    init(path: String) throws {
        reference = try ReferenceCase(path: path)
        let configuration = try #require(SeqFormerConfiguration(recognizedIn: reference.weights))
        let weights = WeightScope(reference.weights)
        model = try SeqFormer(configuration, weights: weights)
        try weights.finish()
    }

    /// The network's input, its padding and its size without padding.
    private var input: (frames: Tensor<Float>, paddingMask: Tensor<Bool>?, size: MapSize) {
        get throws {
            guard let pad = reference.config["pad_to"]?.int, pad > 1 else {
                let frames = try reference.tensors.floats("input").transposed(0, 2, 3, 1)
                return (frames, nil, MapSize(height: frames.shape[1], width: frames.shape[2]))
            }
            let mean = try numbers("pixel_mean")
            let deviation = try numbers("pixel_std")
            let bytes = try reference.tensors.integers("resized").transposed(0, 2, 3, 1)
            let size = MapSize(height: bytes.shape[1], width: bytes.shape[2])
            let pixels = Tensor(bytes.scalars.map(Float.init), shape: bytes.shape)
            let normal = (pixels - Tensor(mean.map(Float.init))) / Tensor(deviation.map(Float.init))
            let room = [size.height, size.width].map { (before: 0, after: (pad - $0 % pad) % pad) }
            let padding = Tensor<Bool>(zeros: [size.height, size.width])
            return (
                padded(normal, [(0, 0)] + room + [(0, 0)]), padded(padding, room, value: true), size
            )
        }
    }

    private func numbers(_ name: String) throws -> [Double] {
        try #require(reference.config[name]?.array).compactMap(\.double)
    }

    /// Compares every stage that the case stores.
    func verifyStages() throws {
        let (frames, paddingMask, size) = try input
        let recorder = Recorder()
        let features = model.features(of: frames, paddingMask: paddingMask, recorder: recorder)
        let output = model.decode(features, imageSize: size, recorder: recorder)
        var found = recorder.tensors
        if let top = reference.config["top_queries"]?.ints {
            found["pred_masks_top"] = model.masks(of: top, output: output, frames: features)
        }
        for entry in reference.tensors.entries {
            guard let tensor = found[entry.name] else {
                let others = [
                    "frames", "input", "resized", "clip_cls_probs", "clip_mask_logits",
                    "track_cls", "track_mask_logits",
                ]
                #expect(others.contains(entry.name), "nothing is computed for \(entry.name)")
                continue
            }
            let comparison = try reference.compare(tensor, to: entry.name)
            #expect(comparison.passes, "\(reference.path): \(comparison)")
        }
    }
}

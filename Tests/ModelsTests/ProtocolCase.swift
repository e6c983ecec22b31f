import Checkpoints
import Models
import Tensor
import TestSupport
import Testing

/// A case of an official evaluation: raw frames in, predictions for windows of them out.
struct ProtocolCase {
    private let reference: ReferenceCase
    private let frames: Tensor<UInt8>

    init(path: String) throws {
        reference = try ReferenceCase(path: path)
        let stored = try reference.tensors.integers("frames")
        frames = Tensor(stored.scalars.map { UInt8($0) }, shape: stored.shape)
    }

    var model: MEDVT {
        get throws { try ReferenceVerification.model(of: reference) }
    }

    /// Checks the windows of all centres, the network's input, and the probabilities of the first
    /// `windowCount` windows: each takes as many runs as there are scales, twice that with mirror images.
    func verifyForeground(windowCount: Int) throws {
        let model = try model
        let preprocessing = Preprocessing(
            shortSide: try #require(reference.config["val_size"]?.int))
        let centres = try #require(reference.config["centers"]?.ints)
        let plan = WindowPlan(
            frameCount: frames.shape[0], layout: .aroundEachFrame(length: model.windowLength))
        let positions =
            reference.config["center_index_in_window"]?.ints
            ?? [Int](repeating: 3, count: centres.count)
        #expect(
            centres.map { plan[$0].frames }
                == reference.config["windows"]?.array?.compactMap(\.ints))
        #expect(
            centres.map { plan[$0].kept }
                == zip(positions, centres).map { [.init(position: $0, frame: $1)] })

        let clips = centres.prefix(windowCount).map { clip(plan[$0].frames, preprocessing) }
        try verifyInput(clips[0])
        let size = reference.config["output_size"]?.ints ?? [frames.shape[1], frames.shape[2]]
        let isMaximum = reference.config["flip_gather"]?.string == "max"
        let augmentation = TestTimeAugmentation(
            scales: try #require(reference.config["scales"]?.array).compactMap(\.double),
            flip: reference.config["flip"]?.bool == true ? (isMaximum ? .maximum : .mean) : nil)
        let probabilities = try clips.map { clip in
            try stacked(
                model.predictions(
                    for: clip, height: size[0], width: size[1],
                    positions: Array(0..<model.windowLength), augmentation: augmentation
                ).map(foreground))
        }
        let expected = try reference.tensors.floats("prob")[0..<probabilities.count].contiguous()
        let difference = stacked(probabilities).largestDifference(from: expected)
        // The logits of a model of this size pass within 4e-4; a sigmoid's slope is at most 1/4.
        #expect(difference < 1e-4, "probabilities differ by \(difference)")
    }

    /// Checks the labels of annotated frames, as on A2D: a pixel may differ only where its two largest
    /// logits are as close as logits may be to the reference.
    func verifyLabels() throws {
        let model = try model
        let windows = try #require(reference.config["windows_1_based"]?.array).compactMap(\.ints)
        let positions = try #require(reference.config["center_index_in_window"]?.ints)
        let expected = try reference.tensors.integers("labels")
        for (index, window) in windows.enumerated() {
            let clip = clip(window.map { $0 - 1 }, model.preprocessing)
            if index == 0 { try verifyInput(clip) }
            let logits = resizedBilinear(
                model(clip)[positions[index]..<positions[index] + 1], height: frames.shape[1],
                width: frames.shape[2])[0].scalars
            let predictions = model.predictions(
                for: clip, height: frames.shape[1], width: frames.shape[2],
                positions: [positions[index]])
            guard case .labels(let labels) = try #require(predictions.first) else {
                Issue.record("a model with several classes gives labels")
                continue
            }
            let classes = model.classes
            for (pixel, (found, wanted)) in zip(labels.scalars, expected[index].scalars)
                .enumerated()
            where Int64(found) != wanted {
                let margin =
                    logits[pixel * classes + Int(found)] - logits[pixel * classes + Int(wanted)]
                #expect(margin < 1e-4, "pixel \(pixel): \(found), expected \(wanted)")
            }
        }
    }

    private func clip(_ indices: [Int], _ preprocessing: Preprocessing) -> Clip {
        Clip(frames: stacked(indices.map { preprocessing(frames[$0]) }))
    }

    /// The case keeps the first frames of the first window's input, or a selection that it describes.
    private func verifyInput(_ clip: Clip) throws {
        let name = "network_input_first_window"
        let isSelection = reference.config["subsample_axis_start_step"]?[name] != nil
        let count = try reference.tensors.requireEntry(named: name).shape[0]
        let input = clip.frames[0..<(isSelection ? clip.frames.shape[0] : count)]
            .transposed(0, 3, 1, 2)
        #expect(try reference.compare(input, to: name).passes)
    }

    private func foreground(_ prediction: Prediction) throws -> Tensor<Float> {
        guard case .foreground(let probability) = prediction else {
            throw VerificationError.missingOption(name: "num_classes", path: reference.path)
        }
        return probability
    }
}

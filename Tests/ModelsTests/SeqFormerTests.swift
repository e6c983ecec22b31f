import Checkpoints
import Foundation
import Models
import Tensor
import TestSupport
import Testing

/// SeqFormer against the official code, and what it promises about frames and queries.
@Suite(.serialized) struct SeqFormerTests {
    /// The original release with odd sizes, VNext's with padding.
    @Test(arguments: ["seqformer_r50_t5_odd", "seqformer_vnext_r50_t3_pad"])
    func everyStageIsThatOfTheOfficialCode(name: String) throws {
        try SeqFormerCase(path: ReferenceVerification.fixture(name)).verifyStages()
    }

    @Test(arguments: [
        "aligned_bilinear", "box_head", "decoder_layer_first", "decoder_layer_later",
        "dynamic_mask_head", "encoder_layer", "image_transform", "mask_fpn", "mask_postprocess",
        "reference_points", "sine_position",
    ])
    func modules(name: String) throws {
        try ReferenceVerification.verifyModule(ReferenceVerification.fixture("seqformer_\(name)"))
    }

    /// Frames may come one at a time, be left out, and be decoded again: what is kept of a frame does not
    /// depend on the others. Products of other shapes may sum in another order: 1e-4 of values around 1.
    @Test func framesAreIndependentBeforeTheDecoder() throws {
        let model = try SeqFormerCase(
            path: ReferenceVerification.fixture("seqformer_r50_t5_odd")
        ).model
        var random = SeededRandom(3)
        let frames = random.tensor([3, 45, 70, 3])
        let together = model.features(of: frames)
        let alone = (0..<3).flatMap { model.features(of: frames[$0..<$0 + 1]) }
        for (one, other) in zip(together, alone) {
            #expect(largestDifference(one.memory, other.memory) < 1e-4)
            #expect(largestDifference(one.maskFeatures, other.maskFeatures) < 1e-4)
        }
        let size = MapSize(height: 45, width: 70)
        let output = model.decode([alone[2], alone[0]], imageSize: size)
        let selected = model.decode([together[2], together[0]], imageSize: size)
        #expect(output.boxes.shape == [2, 300, 4])
        #expect(largestDifference(output.logits, selected.logits) < 1e-2)
        let swapped = model.decode([alone[0], alone[2]], imageSize: size)
        #expect(largestDifference(output.logits, swapped.logits) < 1e-2)
        #expect(largestDifference(output.boxes[0], swapped.boxes[1]) < 1e-3)
    }

    /// A recorder looks on; and the masks of some queries are those of all of them.
    @Test func recordingAndSelectingChangeNothing() throws {
        let model = try SeqFormerCase(
            path: ReferenceVerification.fixture("seqformer_r50_t5_odd")
        ).model
        var random = SeededRandom(4)
        let frames = random.tensor([2, 33, 41, 3])
        let size = MapSize(height: 33, width: 41)
        let recorder = Recorder()
        let recorded = model.features(of: frames, recorder: recorder)
        _ = model.decode(recorded, imageSize: size, recorder: recorder)
        let features = model.features(of: frames)
        let output = model.decode(features, imageSize: size)
        #expect(recorder.tensors["pred_logits"] == output.logits)
        #expect(recorder.tensors["pred_boxes"] == output.boxes)
        let masks = try #require(recorder.tensors["pred_masks"])
        #expect(masks.shape == [300, 2, 10, 12])
        let queries = [299, 0, 17]
        #expect(
            model.masks(of: queries, output: output, frames: features) == takeRows(masks, queries))
    }

    /// Padding is not seen: what is there changes nothing that comes of the rest.
    @Test func paddingIsNotSeen() throws {
        let model = try SeqFormerCase(
            path: ReferenceVerification.fixture("seqformer_vnext_r50_t3_pad")
        ).model
        let mask = padded(
            Tensor<Bool>(zeros: [64, 64]), [(0, 0), (0, 32)], value: true)
        var random = SeededRandom(5)
        let frames = random.tensor([1, 64, 96, 3])
        let masked = model.features(of: frames, paddingMask: mask)
        let tokens = masked[0].layout
        let twoThirds: Float = 2 / 3
        let ratios: [Float] = [twoThirds, 1, twoThirds, 1, twoThirds, 1, 1, 1]
        #expect(tokens.validRatios.scalars == ratios)
        #expect(masked[0].memory.shape == [tokens.tokens, 256])
        let output = model.decode(masked, imageSize: MapSize(height: 64, width: 64))
        var memory = masked[0].memory
        memory.withUnsafeMutableBuffer { values in
            // The last four of each row of twelve.
            for row in 0..<8 {
                for i in (row * 12 + 8) * 256..<(row * 12 + 12) * 256 { values[i] = 1e6 }
            }
        }
        let spoilt = SeqFormerFrame(
            memory: memory, maskFeatures: masked[0].maskFeatures, layout: tokens)
        let same = model.decode([spoilt], imageSize: MapSize(height: 64, width: 64))
        #expect(same.logits == output.logits)
        #expect(same.boxes == output.boxes)
    }
}

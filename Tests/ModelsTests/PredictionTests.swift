import Models
import Tensor
import TestSupport
import Testing

/// A model whose logits are the red channel of its input, one class for each shift of it.
private struct RedModel: DenseSegmentationModel {
    let classes: Int
    var windowLength: Int { 2 }
    var bytesPerPixel: Int { 12 }
    var preprocessing: Preprocessing { Preprocessing(shortSide: 32) }

    func callAsFunction(_ clip: Clip, recorder: Recorder?) -> Tensor<Float> {
        let red = clip.frames.sliced(axis: 3, 0..<1)
        return concatenated(
            (0..<classes).map { red * (Float($0 % 5) - 1.5) + Float($0) * 0.01 }, axis: 3)
    }
}

@Suite struct PredictionTests {
    private let clip: Clip = {
        let values = (0..<210).map { (index: Int) -> Float in
            let level = index * 37 % 64
            return Float(level) / 16 - 2
        }
        return Clip(frames: Tensor(values, shape: [2, 5, 7, 3]))
    }()

    /// Enlarging a few classes at a time gives what enlarging all of them does.
    @Test(arguments: [2, 8, 9, 80])
    func labelsAreThoseOfTheEnlargedLogits(classes: Int) throws {
        let model = RedModel(classes: classes)
        let expected = resizedBilinear(model(clip, recorder: nil), height: 12, width: 9)
            .argMax(axis: 3)
        let predictions = model.predictions(for: clip, height: 12, width: 9, positions: [1, 0])
        for (prediction, frame) in zip(predictions, [1, 0]) {
            guard case .labels(let labels) = prediction else {
                Issue.record("a model with \(classes) classes gives labels")
                continue
            }
            #expect(labels == expected[frame].contiguous())
        }
    }

    /// A model that treats pixels alike sees the same in the mirror, so both merges change nothing.
    @Test(arguments: TestTimeAugmentation.FlipMerge.allCases)
    func mirroringIsUndone(merge: TestTimeAugmentation.FlipMerge) throws {
        let model = RedModel(classes: 1)
        func foreground(_ augmentation: TestTimeAugmentation) throws -> Tensor<Float> {
            let predictions = model.predictions(
                for: clip, height: 10, width: 14, positions: [0], augmentation: augmentation)
            guard case .foreground(let probability) = try #require(predictions.first) else {
                Issue.record("a model with one class gives probabilities")
                return Tensor(zeros: [10, 14])
            }
            return probability
        }
        let difference = try foreground(.init(scales: [1], flip: merge))
            .largestDifference(from: try foreground(.none))
        // Interpolation from the other side rounds differently: a few units in the last place.
        #expect(difference < 1e-6)
    }

    /// A model that looks at each frame alone sees the same, and in the same order, however far apart the frames of a window
    /// lie; the official protocol has windows of its own.
    @Test func framesOfAWindowMayLieApart() throws {
        let frames = (0..<11).map { Tensor<UInt8>(repeating: UInt8(20 * $0), shape: [32, 40, 3]) }
        var options = SessionOptions()
        let expected = try RedModel(classes: 1).segment(frames).predictions
        options.frameStride = 3
        let found = try RedModel(classes: 1).segment(frames, options: options).predictions
        #expect(found.count == 11)
        for case (.foreground(let found), .foreground(let expected)) in zip(found, expected) {
            #expect(found == expected)
        }
        options.windowProtocol = .official
        #expect(throws: UnsupportedOption.self) {
            try RedModel(classes: 1).segment(frames, options: options)
        }
    }

    /// The field takes each frame's probabilities and its pixels; models of several classes refuse it.
    @Test func refinementIsThatOfTheFrame() throws {
        var random = SeededRandom(8)
        let frames = (0..<2).map { _ in
            Tensor(
                (0..<12 * 16 * 3).map { _ in UInt8.random(in: 0...255, using: &random) },
                shape: [12, 16, 3])
        }
        let window = VideoWindow(frames: frames, indices: [4, 5], kept: [1], isLast: true)
        let video = VideoDescription(height: 12, width: 16, frameCount: 6)
        func foreground(_ refinement: FullyConnectedCRF.Configuration?) throws -> Tensor<Float> {
            var options = SessionOptions()
            options.refinement = refinement
            let session = try RedModel(classes: 1).session(for: video, options: options)
            let found = try #require(session.segment(window, recorder: nil).first)
            #expect(found.frame == 5)
            guard case .foreground(let probability) = found.prediction else {
                Issue.record("a model with one class gives probabilities")
                return Tensor(zeros: [12, 16])
            }
            return probability
        }
        let expected = FullyConnectedCRF(height: 12, width: 16)(
            try foreground(nil), image: frames[1])
        #expect(try foreground(.davis).scalars == expected.scalars)

        var options = SessionOptions()
        options.refinement = .davis
        #expect(throws: UnsupportedOption.self) {
            try RedModel(classes: 2).session(for: video, options: options)
        }
    }
}

import Checkpoints
import Models
import Synchronization
import Tensor
import TestSupport
import Testing

/// Features that are kept from window to window: the same bits, the frames of one window at most.
@Suite struct FrameFeaturesTests {
    /// Two levels of a frame, and a count of the frames that it was asked for.
    private final class CountingBackbone: FrameBackbone {
        let levelChannels = [3, 1]
        private let counted = Atomic<Int>(0)
        var frames: Int { counted.load(ordering: .relaxed) }

        func callAsFunction(
            _ frames: Tensor<Float>, firstLevel: Int, recorder: Recorder?
        ) -> [Tensor<Float>] {
            counted.add(frames.shape[0], ordering: .relaxed)
            return [frames * 2, frames.sum(axis: 3, keepDims: true)]
        }
    }

    /// Windows around each frame, those that wrap around, and those of a video shorter than a window.
    @Test(arguments: [(9, 4), (6, 6), (2, 5), (1, 3)])
    func eachFrameOnceWhileItIsNeeded(count: Int, length: Int) {
        var random = SeededRandom(UInt64(count))
        let video = random.tensor([count, 5, 6, 3])
        let backbone = CountingBackbone()
        let features = FrameFeatures()
        var expectedFrames = 0
        var before: Set<Int> = []
        for window in WindowPlan(frameCount: count, layout: .aroundEachFrame(length: length)) {
            let clip = takeRows(video, window.frames)
            features.move(to: window.frames)
            #expect(features.count <= length)
            let levels = features.levels(of: clip, by: backbone)
            #expect(levels == CountingBackbone()(clip, recorder: nil))
            let wanted = Set(window.frames)
            expectedFrames += wanted.subtracting(before).count
            before = wanted
            #expect(features.count == wanted.count)
            #expect(backbone.frames == expectedFrames)
        }
    }

    private static func model(_ name: String) throws -> MEDVT {
        let preset = try #require(ModelFamilies.preset(named: name))
        return try #require(try MadeUpWeights.model(preset, name: name) as? MEDVT)
    }

    /// Through a whole session, at several scales and mirrored, with room for all looks, some, or none.
    @Test(arguments: ["medvt-lite", "avos-resnet101"])
    func aSessionGivesTheSameBits(name: String) throws {
        let model = try Self.model(name)
        let perPixel = try #require(model.featureBytesPerPixel)
        var random = SeededRandom(12)
        let frames = (0..<(name == "medvt-lite" ? 6 : 3)).map { _ in
            Tensor(
                (0..<32 * 48 * 3).map { _ in UInt8.random(in: 0...255, using: &random) },
                shape: [32, 48, 3])
        }
        var options = SessionOptions()
        options.windowProtocol = .official
        options.preprocessing = Preprocessing(sizing: .fixed(height: 32, width: 48))
        options.augmentation = TestTimeAugmentation(scales: [1, 1.25], flip: .mean)
        let preprocessing = try #require(options.preprocessing)
        let expected = WindowPlan(
            frameCount: frames.count, layout: .aroundEachFrame(length: model.windowLength)
        ).flatMap { window in
            model.predictions(
                for: Clip(frames: stacked(window.frames.map { preprocessing(frames[$0]) })),
                height: 32, width: 48, positions: window.kept.map(\.position),
                augmentation: options.augmentation)
        }
        let video = VideoDescription(height: 32, width: 48, frameCount: frames.count)
        options.memoryLimit = 0
        let computing = try model.session(for: video, options: options).expectedPeakBytes
        let look = model.windowLength * 32 * 48 * perPixel
        for (room, kept) in [(0, 0.0), (look * 3, 2.0), (look * 100, 2 * (1 + 1.25 * 1.25))] {
            options.memoryLimit = computing + room
            let session = try model.session(for: video, options: options)
            #expect(session.expectedPeakBytes == computing + Int(Double(look) * kept))
            let found = try model.segment(frames, options: options).predictions
            #expect(found.map(Self.scalars) == expected.map(Self.scalars))
        }
    }

    private static func scalars(_ prediction: Prediction) -> [Float] {
        switch prediction {
        case .foreground(let probability): probability.scalars
        case .labels(let labels): labels.scalars.map(Float.init)
        }
    }

    /// Video Swin mixes frames: nothing may be kept.
    @Test func aBackboneOverTimeKeepsNothing() throws {
        let model = try Self.model("avos-swinb")
        #expect(model.featureBytesPerPixel == nil)
        var options = SessionOptions()
        let video = VideoDescription(height: 64, width: 64)
        let once = try model.session(for: video, options: options).expectedPeakBytes
        options.windowProtocol = .official
        #expect(try model.session(for: video, options: options).expectedPeakBytes == once)
    }
}

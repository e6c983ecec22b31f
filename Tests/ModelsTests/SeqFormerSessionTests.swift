import Masks
import Models
import Tensor
import TestSupport
import Testing

/// Sessions of a SeqFormer with made-up weights: what holds whatever the network says.
@Suite(.serialized) struct SeqFormerSessionTests {
    /// Scores and masks must be equal to the bit: the same network sees the same frames.
    @Test(arguments: [1, 3, 5]) func oneClipIsTheWholeVideo(frameCount: Int) throws {
        let video = Self.video(frameCount)
        let whole = try Self.instances(of: Self.vnext, video, SessionOptions())
        var options = SessionOptions()
        options.clipLength = 5
        let clips = try Self.instances(of: Self.vnext, video, options)
        #expect(!whole.entries.isEmpty)
        #expect(clips.entries == whole.entries)
        #expect(clips.frameCount == frameCount)
        for (clip, other) in zip(clips.tracks, whole.tracks) {
            #expect(clip.masks == other.masks)
            #expect(clip.scores == other.scores)
        }
    }

    @Test(arguments: [1, 2, 7], [1, 2]) func everyTrackHasAMaskOfEachFrame(
        frameCount: Int, stride: Int
    ) throws {
        var options = SessionOptions()
        (options.clipLength, options.clipStride) = (2, stride)
        for model in [Self.vnext, Self.original] {
            let found = try Self.instances(of: model, Self.video(frameCount), options)
            #expect(found.tracks.map(\.id) == Array(1..<found.tracks.count + 1))
            for track in found.tracks {
                #expect(track.masks.count == frameCount)
                #expect(track.masks.allSatisfy { $0?.height == 40 && $0?.width == 60 })
            }
        }
    }

    @Test func optionsNarrowTheResults() throws {
        let video = Self.video(2)
        for model in [Self.vnext, Self.original] {
            let all = try Self.instances(of: model, video, SessionOptions())
            let middle = all.entries.map(\.score).sorted()[all.entries.count / 2]
            var options = SessionOptions()
            options.scoreThreshold = middle
            let surer = try Self.instances(of: model, video, options)
            #expect(surer.entries.map(\.score) == all.entries.map(\.score).filter { $0 > middle })

            options = SessionOptions()
            let category = try #require(all.entries.first?.category)
            options.categories = [category]
            let some = try Self.instances(of: model, video, options)
            #expect(
                some.entries.map(\.score)
                    == all.entries.filter { $0.category == category }.map(\.score))

            options = SessionOptions()
            options.topK = 1
            let best = try Self.instances(of: model, video, options)
            #expect(best.tracks.count == 1)
            #expect(best.entries.first?.score == all.entries.first?.score)
        }
    }

    @Test func nothingIsFound() throws {
        for model in [Self.vnext, Self.original] {
            var options = SessionOptions()
            options.scoreThreshold = 1
            for clipLength in [nil, 2] {
                options.clipLength = clipLength
                let found = try Self.instances(of: model, Self.video(3), options)
                #expect(found.entries.isEmpty && found.tracks.isEmpty)
                #expect(found.frameCount == 3)
                let none = try Self.instances(of: model, [], options)
                #expect(none.frameCount == 0)
            }
        }
    }

    /// The original release leaves out what has no pixel; VNext keeps it.
    @Test func emptyMasks() throws {
        var options = SessionOptions()
        options.maskThreshold = 1
        let original = try Self.instances(of: Self.original, Self.video(2), options)
        #expect(original.entries.isEmpty)
        let vnext = try Self.instances(of: Self.vnext, Self.video(2), options)
        #expect(!vnext.entries.isEmpty)
        #expect(vnext.tracks.allSatisfy { $0.masks.allSatisfy { $0?.isEmpty ?? false } })
    }

    @Test func clipsWhereMemoryIsShort() throws {
        let clips = WindowLayout.sliding(length: 5, stride: 1)
        func layout(_ frameCount: Int?, _ limit: Int?) throws -> WindowLayout {
            var options = SessionOptions()
            options.memoryLimit = limit
            return try Self.original.session(
                for: VideoDescription(height: 360, width: 640, frameCount: frameCount),
                options: options
            ).layout
        }
        #expect(try layout(5, nil) != clips)
        #expect(try layout(10000, nil) == clips)
        #expect(try layout(5, 1) == clips)
        #expect(try layout(10000, 1 << 40) != clips)
        #expect(try layout(nil, 1 << 40) == clips)
        var options = SessionOptions()
        (options.memoryLimit, options.windowProtocol) = (1, .official)
        let session = try Self.original.session(
            for: VideoDescription(height: 360, width: 640, frameCount: 100), options: options)
        #expect(session.layout != clips)
    }

    @Test func memoryOfClipsDoesNotGrowWithTheVideo() throws {
        let peaks = try [60, 300].map { frameCount in
            var options = SessionOptions()
            options.clipLength = 5
            return try Self.original.session(
                for: VideoDescription(height: 360, width: 640, frameCount: frameCount),
                options: options
            ).expectedPeakBytes
        }
        #expect(peaks[0] == peaks[1])
    }

    @Test func optionsWithoutMeaning() {
        var options = SessionOptions()
        options.augmentation = TestTimeAugmentation(scales: [0.5, 1], flip: nil)
        #expect(throws: UnsupportedOption.self) {
            try Self.original.session(
                for: VideoDescription(height: 40, width: 60, frameCount: 2), options: options)
        }
        options = SessionOptions()
        options.frameStride = 2
        #expect(throws: UnsupportedOption.self) {
            try Self.original.session(
                for: VideoDescription(height: 40, width: 60, frameCount: 2), options: options)
        }
        options = SessionOptions()
        (options.clipLength, options.clipStride) = (2, 3)
        #expect(throws: UnsupportedOption.self) {
            try Self.original.session(
                for: VideoDescription(height: 40, width: 60, frameCount: 2), options: options)
        }
        options = SessionOptions()
        options.clipLength = 0
        #expect(throws: UnsupportedOption.self) {
            try Self.original.session(
                for: VideoDescription(height: 40, width: 60, frameCount: 2), options: options)
        }
    }
}

extension SeqFormerSessionTests {
    static let original = model("seqformer-r50")
    static let vnext = model("vnext-seqformer-r50")
    private static func model(_ preset: String) -> any SegmentationModel {
        guard var configuration = SeqFormerConfiguration.preset(named: preset) else {
            preconditionFailure("no preset \(preset)")
        }
        configuration.encoderLayers = 1
        configuration.decoderLayers = 2
        configuration.queries = 30
        configuration.preprocessing =
            configuration.release == .original
            ? Preprocessing(sizing: .shortSide(40, longSide: 1333)) : .detectron2(shortSide: 40)
        do {
            return try MadeUpWeights.model(configuration, name: preset)
        } catch {
            preconditionFailure("\(preset): \(error)")
        }
    }

    private static func video(_ frameCount: Int) -> [Tensor<UInt8>] {
        var random = SeededRandom(3)
        return (0..<frameCount).map { _ in
            let coarse = random.tensor([1, 5, 7, 3], in: 0...255)
            let picture = resizedBilinear(coarse, height: 40, width: 60)
            return Tensor(picture.scalars.map { UInt8($0) }, shape: [40, 60, 3])
        }
    }

    private static func instances(
        of model: any SegmentationModel, _ frames: [Tensor<UInt8>], _ options: SessionOptions
    ) throws -> VideoInstances {
        let session = try model.session(
            for: VideoDescription(height: 40, width: 60, frameCount: frames.count),
            options: options)
        let windows = WindowPlan(frameCount: frames.count, layout: session.layout)
        for (index, window) in windows.enumerated() {
            let predictions = session.segment(
                VideoWindow(
                    frames: window.frames.map { frames[$0] }, indices: window.frames,
                    kept: window.kept.map(\.position), isLast: index == windows.count - 1),
                recorder: nil)
            #expect(predictions.isEmpty)
        }
        return try #require(session.finish())
    }
}

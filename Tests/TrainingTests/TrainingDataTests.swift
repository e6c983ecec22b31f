import Foundation
import Models
import Tensor
import Testing
import Training

@Suite struct TrainingDataTests {
    private func data(
        _ folder: DataFolder, _ configuration: DataConfiguration, seed: UInt64 = 3, frames: Int = 4
    ) throws -> TrainingData {
        var preprocessing = Preprocessing(shortSide: 64)
        preprocessing.mean = [0.5, 0.5, 0.5]
        preprocessing.standardDeviation = [0.5, 0.5, 0.5]
        return try TrainingData(
            root: folder.path, configuration, preprocessing: preprocessing, frames: frames,
            seed: seed)
    }

    /// Small clips, an odd size, colours as they are: red still says what an object is.
    private var plain: DataConfiguration {
        var configuration = DataConfiguration()
        (configuration.height, configuration.width) = (53, 75)
        (configuration.colour, configuration.gray, configuration.noise) = (0, 0, 0)
        (configuration.blur, configuration.motionBlur, configuration.occlusion) = (0, 0, 0)
        return configuration
    }

    private func folder() throws -> DataFolder {
        let folder = try DataFolder()
        try folder.addVideo("swan", in: "videos", frames: 9, resolution: "480p/")
        try folder.addVideo("goat", in: "videos", frames: 5, resolution: "480p/")
        for index in 0..<4 { try folder.addStill("p\(index)", in: "stills", left: 10 + 9 * index) }
        try folder.addStill("narrow", in: "stills", width: 44, height: 70, left: 8)
        return folder
    }

    /// The mask must fit the pixels through every warp: away from outlines, red is where the mask says.
    @Test(arguments: [UInt64(1), 2, 3])
    func masksFitPixels(seed: UInt64) throws {
        let folder = try folder()
        let data = try data(folder, plain, seed: seed)
        var objects = 0
        for step in 0..<40 {
            let clip = try data.clip(step: step, index: 0)
            #expect(clip.frames.shape == [4, 53, 75, 3])
            let (colours, masks) = (clip.frames.scalars, clip.masks.scalars)
            var wrong = 0
            for pixel in masks.indices {
                // -1 ... 1. Objects are (255, 40, 40) and are lit by a factor between 0.5 and 1.7; nothing else
                // has red in it. Pixels on an outline have some of both.
                let red = (colours[3 * pixel] + 1) / 2
                #expect(masks[pixel] == 0 || masks[pixel] == 1)
                objects += Int(masks[pixel])
                if red > 0.9 && masks[pixel] == 0 || red < 0.2 && masks[pixel] == 1 { wrong += 1 }
            }
            #expect(wrong == 0, "step \(step): \(wrong) pixels of \(clip.source)")
        }
        #expect(objects > 0)
    }

    /// A continued run must see the clips of one without interruption.
    @Test func clipsAreAFunctionOfTheirPlace() throws {
        let folder = try folder()
        let configuration = DataConfiguration.small
        let (first, second) = (try data(folder, configuration), try data(folder, configuration))
        _ = try second.clip(step: 0, index: 0)
        for (step, index) in [(7, 0), (7, 1), (1000, 3)] {
            let (a, b) = (
                try first.clip(step: step, index: index), try second.clip(step: step, index: index)
            )
            #expect(a.frames == b.frames && a.masks == b.masks && a.source == b.source)
        }
        let other = try data(folder, configuration, seed: 4)
        #expect(try first.clip(step: 7, index: 0).frames != other.clip(step: 7, index: 0).frames)
        #expect(try first.clip(step: 7, index: 0).frames != first.clip(step: 7, index: 1).frames)
        #expect(try first.clip(step: 7, index: 0).frames != first.clip(step: 8, index: 0).frames)
    }

    /// Every variation at once, on the shortest videos and at other lengths of clips.
    @Test(arguments: [1, 2, 6])
    func everyVariationGivesFiniteClips(frames: Int) throws {
        let folder = try folder()
        try folder.addVideo("short", in: "videos", frames: 2, resolution: "480p/")
        var configuration = DataConfiguration.small
        (configuration.pasting, configuration.occlusion, configuration.motionBlur) = (1, 1, 1)
        (configuration.noise, configuration.blur, configuration.colour) = (1, 1, 1)
        configuration.bystanders = 1
        let data = try data(folder, configuration, frames: frames)
        for step in 0..<30 {
            let clip = try data.clip(step: step, index: 0)
            #expect(clip.frames.shape == [frames, 48, 64, 3])
            // Colours stay between black and white: -1 and 1, up to rounding.
            #expect(clip.frames.scalars.allSatisfy { $0 >= -1.0001 && $0 <= 1.0001 })
        }
    }

    @Test func picturesAreSetInMotion() throws {
        let folder = try DataFolder()
        for index in 0..<3 { try folder.addStill("p\(index)", in: "stills", left: 20 + index) }
        let data = try data(folder, plain)
        let moving = try (0..<20).count { step in
            let masks = try data.clip(step: step, index: 0).masks
            return masks.sliced(axis: 0, 0..<1).scalars != masks.sliced(axis: 0, 3..<4).scalars
        }
        // Now and then nothing moves; nearly always something does.
        #expect(moving >= 12)
    }

    /// Things like the objects, and as red, lie still and are background; the objects of such a clip move.
    @Test func bystandersAreBackground() throws {
        let folder = try DataFolder()
        for index in 0..<3 { try folder.addStill("p\(index)", in: "stills", left: 20 + index) }
        var configuration = plain
        configuration.bystanders = 1
        let data = try data(folder, configuration)
        var withBystanders = 0
        for step in 0..<30 {
            let clip = try data.clip(step: step, index: 0)
            let (colours, masks) = (clip.frames.scalars, clip.masks.scalars)
            // Objects and bystanders have red in them, half as much as they had where they are lit least; nothing
            // else has any. Pixels on an outline have some.
            let red = masks.indices.count { masks[$0] == 0 && colours[3 * $0] > -0.2 }
            withBystanders += red > 100 ? 1 : 0
            let (first, last) = (
                clip.masks.sliced(axis: 0, 0..<1).scalars, clip.masks.sliced(axis: 0, 3..<4).scalars
            )
            // Nothing is there to move where an object lies outside the frame, or fills it.
            let isSeen = Set(first + last).count == 2
            #expect(!isSeen || first != last, "step \(step): \(clip.source)")
        }
        // Some are hidden by the object, or cut off.
        #expect(withBystanders >= 15)
    }

    /// Where the camera rests, what is no object in any frame looks the same in all.
    @Test func camerasRest() throws {
        let folder = try DataFolder()
        for index in 0..<3 { try folder.addStill("p\(index)", in: "stills", left: 20 + index) }
        var configuration = plain
        (configuration.stillCameras, configuration.cutOuts) = (1, 1)
        let data = try data(folder, configuration)
        var moving = 0
        for step in 0..<20 {
            let clip = try data.clip(step: step, index: 0)
            let first = clip.frames.sliced(axis: 0, 0..<1).scalars
            let last = clip.frames.sliced(axis: 0, 3..<4).scalars
            moving += first != last ? 1 : 0
            // Only objects have red in them. A pixel on an outline that has no more than this of it has at most 1.3 of
            // 255 levels of the object's other colours: 0.01 of -1 ... 1.
            var changed = 0
            for red in stride(from: 0, to: first.count, by: 3) {
                guard first[red] < -0.99, last[red] < -0.99 else { continue }
                let others = [red + 1, red + 2]
                if others.contains(where: { abs(first[$0] - last[$0]) > 0.02 }) { changed += 1 }
            }
            #expect(changed == 0, "step \(step)")
        }
        #expect(moving >= 12)
    }

    /// More time passes between the frames of a picture's clip: its objects move farther, but not out of sight.
    @Test func picturesAreStrided() throws {
        let folder = try DataFolder()
        for index in 0..<3 { try folder.addStill("p\(index)", in: "stills", left: 20 + index) }
        func measure(stride: Int) throws -> (changed: Int, seen: Int) {
            var configuration = plain
            (configuration.stillCameras, configuration.cutOuts, configuration.pasting) = (1, 1, 0)
            configuration.pictureStride = stride
            let data = try data(folder, configuration)
            var (changed, seen) = (0, 0)
            for step in 0..<30 {
                let masks = try data.clip(step: step, index: 0).masks
                let frames = (0..<4).map { masks.sliced(axis: 0, $0..<$0 + 1).scalars }
                changed += zip(frames[0], frames[3]).count { $0 != $1 }
                seen += frames.count { $0.contains(1) }
            }
            return (changed, seen)
        }
        let (near, far) = (try measure(stride: 1), try measure(stride: 8))
        #expect(Double(far.changed) > 1.3 * Double(near.changed))
        #expect(Double(far.seen) > 0.85 * Double(near.seen))
    }

    /// A clip that stops shows one moment of its video in all frames, with the mask of that moment.
    @Test(arguments: [0.0, 1]) func clipsStop(stops: Double) throws {
        let folder = try DataFolder()
        try folder.addVideo("cat", in: "videos", frames: 6)
        var configuration = plain
        (configuration.stops, configuration.pasting) = (stops, 0)
        let data = try data(folder, configuration)
        for step in 0..<8 {
            let clip = try data.clip(step: step, index: 0)
            let isOne = [clip.frames, clip.masks].allSatisfy {
                $0.sliced(axis: 0, 0..<1).scalars == $0.sliced(axis: 0, 3..<4).scalars
            }
            #expect(isOne == (stops == 1), "step \(step)")
        }
    }

    /// One value of the masks may be the object: the others are background.
    @Test func oneValueIsTheObject() throws {
        let folder = try DataFolder()
        try folder.addVideo("cat", in: "videos", frames: 4, object: 7)
        try folder.addVideo("dog", in: "videos", frames: 4, object: 9)
        var configuration = plain
        configuration.object = 7
        configuration.pasting = 0
        let data = try data(folder, configuration)
        for step in 0..<12 {
            #expect(try data.clip(step: step, index: 0).source.contains("cat"))
        }
    }
}

extension DataConfiguration {
    /// The usual variations on small clips.
    static var small: DataConfiguration {
        var configuration = DataConfiguration()
        (configuration.height, configuration.width) = (48, 64)
        return configuration
    }
}

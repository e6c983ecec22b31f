import Models
import Tensor

/// Training clips: of videos, and of single pictures that are set in motion.
///
/// A clip is a function of the seed and of its place in the run, so that a continued run sees what one
/// without interruption would have seen.
public struct TrainingData: Sendable {
    /// How clips are made.
    public let configuration: DataConfiguration

    let preprocessing: Preprocessing
    let frames: Int
    private let seed: UInt64
    private let sources: [TrainingSource]
    private let weights: [Double]

    /// All videos, and all single pictures: backgrounds, and objects to paste.
    let videos: [[PictureFiles]]
    let stills: [PictureFiles]

    /// How many videos or pictures without an object are passed over, one after the other.
    private static let mostTries = 24

    /// Looks through the folders below `root`.
    ///
    /// - Parameters:
    ///   - preprocessing: normalises the frames.
    ///   - frames: the length of a clip.
    ///   - seed: what all chance comes from.
    /// - Throws: ``TrainingError`` where a folder or a mask is missing.
    package init(
        root: String, _ configuration: DataConfiguration, preprocessing: Preprocessing,
        frames: Int, seed: UInt64
    ) throws {
        precondition(frames > 0, "TrainingData: clips of \(frames) frames")
        self.configuration = configuration
        self.preprocessing = preprocessing
        self.frames = frames
        self.seed = seed
        if configuration.sources.isEmpty {
            sources = try TrainingSource.all(below: root)
            let moving = Double(sources.count { $0.hasMotion })
            let resting = Double(sources.count) - moving
            weights = sources.map { 1 / ($0.hasMotion ? moving : resting) }
        } else {
            sources = try configuration.sources.map {
                try TrainingSource(path: $0.path == "." ? root : "\(root)/\($0.path)")
            }
            weights = configuration.sources.map(\.weight)
        }
        let all = sources.flatMap(\.videos)
        videos = all.filter { $0.count > 1 }
        stills = all.filter { $0.count == 1 }.map { $0[0] }
    }

    /// The clip at a place of the run.
    ///
    /// - Throws: ``TrainingError``, `MediaError` where a file cannot be used.
    public func clip(step: Int, index: Int) throws -> TrainingClip {
        let random = RandomStream(seed: seed, step: step, index: index)
        var maker = SceneMaker(data: self, random: random)
        let source = sources[maker.random.index(of: weights)]
        for _ in 0..<Self.mostTries {
            let files = source.videos[maker.random.index(source.videos.count)]
            guard let scene = try maker.scene(of: files) else { continue }
            let stops = !maker.hasBystanders && maker.random.chance(configuration.stops)
            return render(scene, stops: stops, &maker.random)
        }
        throw TrainingError.data(
            path: source.path,
            problem: "there was no object in the masks of \(Self.mostTries) drawn in a row",
            remedy: configuration.object.map {
                "check that object \($0) occurs in them, or leave the option 'object' out"
            } ?? "check that they are the masks: 0 is background, all else an object")
    }

    func image(_ files: PictureFiles) throws -> LabelledImage {
        try LabelledImage(files, object: configuration.object)
    }

    /// - Parameter stops: whether all frames show the same moment.
    private func render(
        _ scene: Scene, stops: Bool, _ random: inout RandomStream
    ) -> TrainingClip {
        let (height, width) = (configuration.height, configuration.width)
        let colours = ColourVariation(configuration, &random)
        let blur = random.chance(configuration.blur) ? 1 + random.index(3) : 0
        var canvas = Compositor(width: width, height: height)
        var values = Tensor<Float>(zeros: [frames, height, width, 3])
        var masks = Tensor<Float>(zeros: [frames, height, width])
        values.withUnsafeMutableBuffer { values in
            masks.withUnsafeMutableBuffer { masks in
                guard let values = values.baseAddress, let masks = masks.baseAddress else { return }
                for frame in 0..<frames {
                    let moment = stops ? frames / 2 : frame
                    let time = Float(moment) - Float(frames - 1) / 2
                    scene.draw(moment, time: time, on: &canvas)
                    canvas.blur(times: blur)
                    canvas.writeMask(to: masks + frame * height * width)
                    colours.apply(
                        to: canvas.pixels, time: time, preprocessing, &random,
                        into: values + frame * height * width * 3)
                }
            }
        }
        return TrainingClip(frames: values, masks: masks, source: scene.source)
    }
}

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
    private let frames: Int
    private let seed: UInt64
    private let sources: [TrainingSource]
    private let weights: [Double]
    /// All single pictures, to paste objects of.
    private let stills: [PictureFiles]

    /// Looks through the folders below `root`.
    ///
    /// - Parameter recipe: its data, its seed, and the length and normalisation of its model's clips.
    /// - Throws: ``TrainingError`` where a folder or a mask is missing.
    public init(root: String, recipe: TrainingRecipe) throws {
        let model = try TrainableModel(recipe.configuration).configuration
        configuration = recipe.data
        preprocessing = model.preprocessing
        frames = model.frames
        seed = recipe.seed
        if recipe.data.sources.isEmpty {
            sources = try TrainingSource.all(below: root)
            let moving = Double(sources.count { $0.hasMotion })
            let resting = Double(sources.count) - moving
            weights = sources.map { 1 / ($0.hasMotion ? moving : resting) }
        } else {
            sources = try recipe.data.sources.map {
                try TrainingSource(path: $0.path == "." ? root : "\(root)/\($0.path)")
            }
            weights = recipe.data.sources.map(\.weight)
        }
        stills = sources.filter { !$0.hasMotion }.flatMap { $0.videos.map { $0[0] } }
    }

    /// How many frames with masks there are.
    public var pictureCount: Int {
        sources.reduce(0) { $0 + $1.videos.reduce(0) { $0 + $1.count } }
    }

    /// The clip at a place of the run.
    ///
    /// - Throws: ``TrainingError``, `MediaError` where a file cannot be used.
    public func clip(step: Int, index: Int) throws -> TrainingClip {
        var random = RandomStream(seed: seed, step: step, index: index)
        let source = sources[choice(&random)]
        let video = source.videos[random.index(source.videos.count)]
        var scene =
            video.count > 1
            ? try Scene(ofVideo: video, frames: frames, configuration, &random)
            : try Scene(ofStill: video[0], others: stills, frames: frames, configuration, &random)
        if !stills.isEmpty, random.chance(configuration.pasting) {
            try scene.paste(stills[random.index(stills.count)], configuration, &random)
        }
        return render(scene, source: video[0].image, &random)
    }

    private func choice(_ random: inout RandomStream) -> Int {
        var rest = Double.random(in: 0..<weights.reduce(0, +), using: &random)
        for (index, weight) in weights.enumerated() {
            rest -= weight
            if rest < 0 { return index }
        }
        return weights.count - 1
    }

    private func render(
        _ scene: Scene, source: String, _ random: inout RandomStream
    ) -> TrainingClip {
        let (height, width) = (configuration.height, configuration.width)
        let colours = ColourVariation(configuration, &random)
        let blur = random.chance(configuration.blur) ? 1 + random.index(2) : 0
        var values = Tensor<Float>(zeros: [frames, height, width, 3])
        var masks: [Float] = []
        values.withUnsafeMutableBuffer { values in
            guard let start = values.baseAddress else { return }
            for frame in 0..<frames {
                let time = Float(frame) - Float(frames - 1) / 2
                var canvas = Compositor(height: height, width: width)
                scene.draw(frame, time: time, on: &canvas)
                canvas.blur(radius: blur)
                masks += canvas.mask
                colours.apply(
                    to: canvas.colours, time: time, mean: preprocessing.mean,
                    deviation: preprocessing.standardDeviation, range: preprocessing.pixelRange,
                    &random, into: start + frame * height * width * 3)
            }
        }
        return TrainingClip(
            frames: values, masks: Tensor(masks, shape: [frames, height, width]), source: source)
    }
}

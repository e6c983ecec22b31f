import Foundation
import Media
import Models
import Tensor
import TestSupport
import Training

/// A folder with a short video and three pictures, made here: coloured discs over noise.
struct SmallData {
    let root: String

    /// Makes the folder in a fresh place.
    init() throws {
        root = NSTemporaryDirectory() + "martlet-training-\(UUID().uuidString)"
        for frame in 0..<6 {
            try write(
                "video/JPEGImages/disc", "video/Annotations/disc", String(format: "%05d", frame),
                centre: (20 + 5 * frame, 24), seed: UInt64(frame))
        }
        for picture in 0..<3 {
            try write(
                "pictures/images", "pictures/masks", "p\(picture)", centre: (40, 20 + 4 * picture),
                seed: UInt64(100 + picture))
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: root) }

    private func write(
        _ images: String, _ masks: String, _ name: String, centre: (x: Int, y: Int), seed: UInt64
    ) throws {
        let (height, width) = (48, 80)
        for folder in [images, masks] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        var random = SeededRandom(seed)
        var pixels: [UInt8] = []
        var mask: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let isInside =
                    (x - centre.x) * (x - centre.x) + (y - centre.y) * (y - centre.y) < 150
                mask.append(isInside ? 255 : 0)
                let noise = UInt8(random.next() % 60)
                pixels += isInside ? [220, noise, 40] : [noise, 90, 100 + noise]
            }
        }
        try ImageFile.write(
            rgb: Tensor(pixels, shape: [height, width, 3]), to: "\(root)/\(images)/\(name).png")
        try ImageFile.write(
            gray: Tensor(mask, shape: [height, width]), to: "\(root)/\(masks)/\(name).png")
    }

    /// A recipe of a few small steps.
    static func recipe(steps: Int, interval: Int) throws -> TrainingRecipe {
        let text = """
            {"steps": \(steps), "checkpoint_interval": \(interval), "clips_per_step": 1,
             "data": {"height": 64, "width": 96}, "schedule": {"warmup_steps": 2}}
            """
        return try JSONDecoder().decode(TrainingRecipe.self, from: Data(text.utf8))
    }

    /// Made-up tensors of the recipe's model.
    static func weights(_ recipe: TrainingRecipe) throws -> [String: Tensor<Float>] {
        try InitialWeights.of(
            checkpoint: MadeUpWeights.source(for: recipe.configuration, name: recipe.model),
            for: recipe)
    }
}

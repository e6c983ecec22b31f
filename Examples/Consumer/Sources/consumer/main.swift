import Checkpoints
import Models
import Tensor

/// What the model of a checkpoint finds in a video of a few frames, as lines to print.
func describe(_ frames: [Tensor<UInt8>], checkpointPath: String) throws -> [String] {
    let checkpoint = try openCheckpoint(at: checkpointPath)
    let (model, _) = try ModelRecipe(for: checkpoint).model(from: checkpoint)
    let result = try model.segment(frames)
    if let instances = result.instances {
        return instances.entries.map { entry in
            let areas = instances.tracks[entry.track].masks.map { $0?.area ?? 0 }
            return "category \(entry.category), score \(entry.score), pixels by frame \(areas)"
        }
    }
    return result.predictions.map { prediction in
        switch prediction {
        case .foreground(let probability): "probabilities \(probability.shape)"
        case .labels(let classes): "classes \(Set(classes.scalars).sorted())"
        }
    }
}

let frames = (0..<6).map { Tensor<UInt8>(repeating: UInt8($0 * 40), shape: [90, 160, 3]) }
if let path = CommandLine.arguments.dropFirst().first {
    for line in try describe(frames, checkpointPath: path) { print(line) }
} else {
    // Without a checkpoint, the engine by itself.
    let a = Tensor<Float>([1, 2, 3, 4], shape: [2, 2])
    print(matmul(a, a.transposed(1, 0)).scalars, ModelFamilies.presetNames)
}

import Checkpoints
import Models
import Tensor

/// The foreground of a clip, frame by frame, by the model of a checkpoint.
func segment(_ frames: [Tensor<UInt8>], checkpointPath: String) throws -> [Tensor<Float>] {
    let checkpoint = try openCheckpoint(at: checkpointPath)
    let (model, _) = try ModelRecipe(for: checkpoint).model(from: checkpoint)
    let clip = Clip(frames: stacked(frames.map { model.preprocessing($0) }))
    let predictions = model.predictions(
        for: clip, height: frames[0].shape[0], width: frames[0].shape[1],
        positions: Array(frames.indices))
    return predictions.compactMap { prediction in
        guard case .foreground(let probability) = prediction else { return nil }
        return probability
    }
}

let frames = (0..<6).map { Tensor<UInt8>(repeating: UInt8($0 * 40), shape: [90, 160, 3]) }
if let path = CommandLine.arguments.dropFirst().first {
    for probability in try segment(frames, checkpointPath: path) {
        print(probability.shape, probability.mean(axis: 0).mean(axis: 0).scalar)
    }
} else {
    // Without a checkpoint, the engine by itself.
    let a = Tensor<Float>([1, 2, 3, 4], shape: [2, 2])
    print(matmul(a, a.transposed(1, 0)).scalars, MEDVTConfiguration.presetNames)
}

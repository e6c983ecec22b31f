import Models
import Tensor
import TestSupport
import Testing

/// Checks that a backbone over images gives each frame what it gives all at once, to the bit, and the
/// levels that are asked for, whether a recorder keeps the others or not.
func expectParts(of backbone: some Backbone, frames: Tensor<Float>) throws {
    let whole = backbone(frames, recorder: nil)
    try #require(whole.map { $0.shape[3] } == backbone.levelChannels)
    for frame in 0..<frames.shape[0] {
        let levels = backbone(frames[frame..<frame + 1], recorder: nil)
        for (level, all) in zip(levels, whole) {
            #expect(level.scalars == all[frame..<frame + 1].scalars)
        }
    }
    for first in 0..<whole.count {
        let recorder = Recorder()
        for levels in [
            backbone(frames, firstLevel: first, recorder: nil),
            backbone(frames, firstLevel: first, recorder: recorder),
        ] {
            #expect(levels.map(\.shape) == whole[first...].map(\.shape))
            #expect(levels.last?.scalars == whole.last?.scalars)
        }
        for (index, level) in whole.enumerated() {
            let recorded = recorder.tensors["backbone.stage\(index)"]
            #expect(recorded?.scalars == level.transposed(0, 3, 1, 2).scalars)
        }
    }
}

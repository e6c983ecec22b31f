import Checkpoints
import Models
import TestSupport

extension TensorSource {
    /// Random values of a usual size for everything that `make` asks for.
    init(
        seed: UInt64, values: (_ name: String, _ shape: [Int]) -> (base: Float, scale: Float),
        askedForBy make: (WeightScope) throws -> Void
    ) throws {
        self.init([:])
        var generator = SeededRandom(seed)
        for (name, shape) in try MadeUpWeights.shapes(askedForBy: make).sorted(by: {
            $0.name < $1.name
        }) {
            let (base, scale) = values(name, shape)
            tensors[name] = generator.tensor(shape, in: base - scale...base + scale)
        }
    }
}

import Checkpoints
import Tensor
import TestSupport

/// The tensors of a layer or a model as a checkpoint in memory: parameters, where it is to be differentiated.
struct TracedWeights: WeightSource {
    let origin = "a test"
    let entries: [CheckpointEntry] = []
    let metadata: [String: String] = [:]
    var tensors: [String: Tensor<Float>]

    /// Random values of a usual size for everything that `make` asks for.
    init(
        seed: UInt64, values: (_ name: String, _ shape: [Int]) -> (base: Float, scale: Float),
        askedForBy make: (WeightScope) throws -> Void
    ) throws {
        let scope = WeightScope(Shapeless())
        try make(scope)
        var generator = SeededRandom(seed)
        tensors = [:]
        for wanted in try scope.finish(strict: false).wrongShapes.sorted(by: { $0.name < $1.name })
        {
            let (base, scale) = values(wanted.name, wanted.expected)
            tensors[wanted.name] = generator.tensor(
                wanted.expected, in: base - scale...base + scale)
        }
    }

    func entry(named name: String) -> CheckpointEntry? {
        tensors[name].map {
            CheckpointEntry(
                name: name, shape: $0.shape, elementType: .float32, byteCount: 4 * $0.count)
        }
    }

    func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
        try floats(name).withUnsafeBuffer {
            destination.copyMemory(from: UnsafeRawBufferPointer($0))
        }
    }

    func floats(_ name: String) throws -> Tensor<Float> {
        guard let tensor = tensors[name] else {
            throw CheckpointError.missing(name: name, origin: origin)
        }
        return tensor
    }

    /// A source that has every tensor in a shape that nobody wants: asking it lists what is wanted.
    private struct Shapeless: WeightSource {
        let origin = "a test"
        let entries: [CheckpointEntry] = []
        let metadata: [String: String] = [:]

        func entry(named name: String) -> CheckpointEntry? {
            CheckpointEntry(name: name, shape: [-1], elementType: .float32, byteCount: 0)
        }

        func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
            throw CheckpointError.missing(name: name, origin: origin)
        }
    }
}

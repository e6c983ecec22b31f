import Checkpoints
import Tensor

/// Tensors in memory as a checkpoint.
///
/// Where they are parameters, a model that is built from them is differentiable, with the very code that
/// inference runs: batch norms fold and weights are packed by traced operations.
struct TensorSource: WeightSource {
    let origin = "the tensors in training"
    let entries: [CheckpointEntry]
    let metadata: [String: String] = [:]

    /// By name.
    let tensors: [String: Tensor<Float>]

    private let byName: [String: CheckpointEntry]

    init(_ tensors: [String: Tensor<Float>]) {
        self.tensors = tensors
        entries = tensors.keys.sorted().compactMap { name in
            tensors[name].map {
                CheckpointEntry(
                    name: name, shape: $0.shape, elementType: .float32, byteCount: 4 * $0.count)
            }
        }
        byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
    }

    func entry(named name: String) -> CheckpointEntry? { byName[name] }

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
}

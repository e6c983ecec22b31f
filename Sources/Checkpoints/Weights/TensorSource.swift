import Tensor

/// Tensors in memory as a checkpoint.
///
/// Where they are parameters, a model that is built from them is differentiable, with the very code that
/// inference runs: batch norms fold and weights are packed by traced operations.
package struct TensorSource: WeightSource {
    package let origin = "the tensors in memory"
    package let metadata: [String: String] = [:]

    /// By name.
    package var tensors: [String: Tensor<Float>]

    package init(_ tensors: [String: Tensor<Float>]) { self.tensors = tensors }

    package var entries: [CheckpointEntry] {
        tensors.keys.sorted().compactMap { entry(named: $0) }
    }

    package func entry(named name: String) -> CheckpointEntry? {
        tensors[name].map {
            CheckpointEntry(
                name: name, shape: $0.shape, elementType: .float32, byteCount: 4 * $0.count)
        }
    }

    package func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
        try floats(name).withUnsafeBuffer {
            destination.copyMemory(from: UnsafeRawBufferPointer($0))
        }
    }

    package func floats(_ name: String) throws -> Tensor<Float> {
        guard let tensor = tensors[name] else {
            throw CheckpointError.missing(name: name, origin: origin)
        }
        return tensor
    }
}

import Checkpoints
import Kernels
import Tensor

extension NormVectors {
    /// `weight` and `bias` of a layer norm over `channels`.
    init(_ weights: WeightScope, channels: Int, epsilon: Float) throws {
        self.init(
            weight: try weights.vector("weight", count: channels),
            bias: try weights.vector("bias", count: channels), epsilon: epsilon)
    }
}

extension LinearVectors {
    /// `weight` `[outputs, inputs]` and `bias` of a linear layer.
    init(_ weights: WeightScope, _ inputs: Int, to outputs: Int) throws {
        self.init(
            weight: try weights.panels("weight", outputs: outputs, inputs: inputs),
            bias: try weights.vector("bias", count: outputs))
    }
}

extension WeightScope {
    /// A tensor with one axis, at a fixed address.
    func vector(_ name: String, count: Int) throws -> FloatVector {
        let values = try tensor(name, shape: [count])
        requireUntraced(prefix + name, values)
        return values.withUnsafeBuffer { FloatVector($0) }
    }

    /// A matrix `[outputs, inputs]`, packed.
    func panels(_ name: String, outputs: Int, inputs: Int) throws -> PackedPanels {
        let matrix = try tensor(name, shape: [outputs, inputs])
        requireUntraced(prefix + name, matrix)
        return matrix.withUnsafeBuffer { PackedPanels($0, inputs) }
    }
}

extension PackedPanels {
    /// Packs a row-major `[outputs, inputs]` matrix.
    convenience init(_ weight: UnsafeBufferPointer<Float>, _ inputs: Int) {
        precondition(
            inputs > 0 && weight.count % inputs == 0,
            "PackedPanels: \(weight.count) values are no matrix of \(inputs) columns")
        guard let start = weight.baseAddress else {
            preconditionFailure("PackedPanels: an empty matrix")
        }
        self.init(
            weight: start, columns: weight.count / inputs, inner: inputs, columnStride: inputs,
            innerStride: 1)
    }
}

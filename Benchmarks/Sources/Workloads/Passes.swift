import Tensor

/// An operation whose time goes into reading its operand and writing the result.
package struct Pass: Operation {
    /// What is done to a map `[..., channels]`.
    package enum Kind: String, Encodable, Sendable {
        /// Over the channels.
        case layerNorm
        /// In four groups, of the whole clip.
        case groupNorm
        /// Over the channels.
        case softmax
        case gelu
        /// The map and itself.
        case sum
        /// To twice the height and width.
        case upsampling
        /// Windows of 3x3 at stride 2.
        case maxPool
    }

    package let pass: Kind
    package private(set) var shape: [Int]

    init(_ pass: Kind, _ shape: [Int]) { (self.pass, self.shape) = (pass, shape) }

    package var operands: [Operand] {
        let channels = Array(shape.suffix(1))
        let x = Operand("x", shape)
        switch pass {
        case .layerNorm, .groupNorm:
            return [
                x, Operand("weight", channels, base: 1, scale: 0.5), Operand("bias", channels),
            ]
        default: return [x]
        }
    }

    package var cost: Cost {
        let count = shape.reduce(1, *)
        return switch pass {
        case .upsampling: .floats(5 * count)
        case .maxPool: .floats(count * 5 / 4)
        default: .floats(2 * count)
        }
    }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let x = try operands["x"]
        let shape = shape
        switch pass {
        case .layerNorm:
            let (weight, bias) = (try operands["weight"], try operands["bias"])
            return { [layerNorm(x, weight: weight, bias: bias)] }
        case .groupNorm:
            let (weight, bias) = (try operands["weight"], try operands["bias"])
            let clip = x.expandedDimensions(axis: 0)
            return { [groupNorm(clip, groups: 4, weight: weight, bias: bias)] }
        case .softmax: return { [softmax(x, axis: -1)] }
        case .gelu: return { [gelu(x)] }
        case .sum: return { [x + x] }
        case .upsampling:
            return { [resizedBilinear(x, height: 2 * shape[1], width: 2 * shape[2])] }
        case .maxPool: return { [maxPool2d(x, kernelSize: 3, stride: 2, padding: 1)] }
        }
    }

    package var reduced: Self {
        var copy = self
        copy.shape =
            shape.count == 2
            ? [min(shape[0], 37), shape[1]]
            : [min(shape[0], 2), min(shape[1], 7), min(shape[2], 9), shape[3]]
        return copy
    }
}

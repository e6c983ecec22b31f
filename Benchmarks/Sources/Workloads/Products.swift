import Tensor

/// A linear layer.
package struct LinearLayer: Operation {
    var rows: Int
    let inputs: Int
    let outputs: Int

    package var operands: [Operand] {
        [
            Operand("x", [rows, inputs]), Operand("weight", [outputs, inputs]),
            Operand("bias", [outputs]),
        ]
    }

    package var cost: Cost { .products(rows * inputs * outputs) }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let (x, bias) = (try operands["x"], try operands["bias"])
        let weight = PackedMatrix(try operands["weight"])
        return { [linear(x, weight, bias: bias)] }
    }

    package var reduced: Self {
        var copy = self
        copy.rows = min(rows, 37)
        return copy
    }
}

/// The product of two matrices, neither of which is known before.
package struct MatrixProduct: Operation {
    var rows: Int
    let inner: Int
    let columns: Int

    package var operands: [Operand] {
        [Operand("a", [rows, inner]), Operand("b", [inner, columns])]
    }

    package var cost: Cost { .products(rows * inner * columns) }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let (a, b) = (try operands["a"], try operands["b"])
        return { [matmul(a, b)] }
    }

    package var reduced: Self {
        var copy = self
        copy.rows = min(rows, 37)
        return copy
    }
}

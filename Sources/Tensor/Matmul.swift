import Kernels

/// The matrix product of the last two axes, `[..., m, k]` by `[..., k, n]`.
///
/// Leading axes are broadcast. Transposed and sliced views are read where they lie.
///
/// - Returns: `[..., m, n]`.
public func matmul(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
    matmul(a, b, byBLAS: BLAS.fitsMachine)
}

/// The same, by the system's BLAS or by our own product.
package func matmul(_ a: Tensor<Float>, _ b: Tensor<Float>, byBLAS: Bool) -> Tensor<Float> {
    precondition(
        a.rank >= 2 && b.rank >= 2 && a.shape[a.rank - 1] == b.shape[b.rank - 2],
        "matmul: \(a.shape) times \(b.shape)")
    let left = MatrixBatch(byBLAS || MatrixBatch.isRowMajor(a) ? a : a.contiguous())
    let right = MatrixBatch(b)
    let batch = Tensor.broadcastShape(left.batchShape, right.batchShape, "matmul")
    let (rows, inner, columns) = (left.rows, left.columns, right.columns)
    let matrices = batch.reduce(1, *)
    return Tensor(shape: batch + [rows, columns]) { output in
        guard let output = output.baseAddress, rows * columns * matrices > 0 else { return }
        guard inner > 0 else {
            output.update(repeating: 0, count: rows * columns * matrices)
            return
        }
        withExtendedLifetime((left.storage, right.storage)) {
            let multiply = byBLAS ? multiplyByBLAS : multiplyByPanels
            multiply(left, left.offsets(over: batch), right, right.offsets(over: batch), output)
        }
    }.traced(from: a, b, as: .matmul)
}

private func multiplyByBLAS(
    _ left: MatrixBatch, _ leftOffsets: [Int], _ right: MatrixBatch, _ rightOffsets: [Int],
    into output: UnsafeMutablePointer<Float>
) {
    let (rows, inner, columns) = (left.rows, left.columns, right.columns)
    let block = blockSize(rows, inner, columns, matrices: leftOffsets.count)
    let rowBlocks = (rows + block.rows - 1) / block.rows
    let columnBlocks = (columns + block.columns - 1) / block.columns
    ThreadPool.shared.run(leftOffsets.count * rowBlocks * columnBlocks) { task in
        let (matrix, part) = task.quotientAndRemainder(dividingBy: rowBlocks * columnBlocks)
        let row = part / columnBlocks * block.rows
        let column = part % columnBlocks * block.columns
        BLAS.product(
            rows: min(block.rows, rows - row), columns: min(block.columns, columns - column),
            inner: inner, left.storage.elements + leftOffsets[matrix] + row * left.rowStep,
            strideA: left.stride, transposeA: left.isTransposed,
            right.storage.elements + rightOffsets[matrix] + column * right.columnStep,
            strideB: right.stride, transposeB: right.isTransposed,
            output + ((matrix * rows + row) * columns + column), strideC: columns)
    }
}

/// How much of a result one call of BLAS computes.
///
/// Each call packs its rows of the left matrix and its columns of the right one: the larger a block, the less is packed
/// again. They are made smaller only for several threads to have work, in the same way for any number of them.
private func blockSize(
    _ rows: Int, _ inner: Int, _ columns: Int, matrices: Int
) -> (rows: Int, columns: Int) {
    var block = (rows: min(rows, 512), columns: min(columns, 512))
    func half(_ count: Int) -> Int { (count / 2 + 15) / 16 * 16 }
    while block.rows * block.columns * inner > 4_000_000 {
        let blocks =
            (rows + block.rows - 1) / block.rows * ((columns + block.columns - 1) / block.columns)
        guard matrices * blocks < 8, max(block.rows, block.columns) > 16 else { break }
        if block.rows >= block.columns {
            block.rows = half(block.rows)
        } else {
            block.columns = half(block.columns)
        }
    }
    return block
}

/// Each right-hand matrix is packed once, however many left-hand ones it meets.
private func multiplyByPanels(
    _ left: MatrixBatch, _ leftOffsets: [Int], _ right: MatrixBatch, _ rightOffsets: [Int],
    into output: UnsafeMutablePointer<Float>
) {
    let (rows, inner, columns) = (left.rows, left.columns, right.columns)
    let panels = Dictionary(
        uniqueKeysWithValues: Set(rightOffsets).map { offset in
            let panels = PackedPanels(
                weight: right.storage.elements + offset, columns: columns, inner: inner,
                columnStride: right.isTransposed ? right.stride : 1,
                innerStride: right.isTransposed ? 1 : right.stride)
            return (offset, panels)
        })
    let multiply = { (matrix: Int) in
        guard let panels = panels[rightOffsets[matrix]] else { return }
        parallelPackedProduct(
            rows: rows, left.storage.elements + leftOffsets[matrix], strideA: left.stride, panels,
            into: output + matrix * rows * columns, strideC: columns)
    }
    // Small matrices one a task, large ones in several tasks each.
    if rows * inner * columns < 10_000_000 {
        ThreadPool.shared.run(leftOffsets.count, multiply)
    } else {
        leftOffsets.indices.forEach(multiply)
    }
}

/// A tensor as matrices that products can read: row-major or column-major with a stride.
private struct MatrixBatch {
    let storage: TensorStorage<Float>
    let rows: Int
    let columns: Int
    let batchShape: [Int]
    /// Floats from one row (or, where transposed, column) to the next.
    let stride: Int
    let isTransposed: Bool
    private let batchStrides: [Int]
    private let offset: Int

    init(_ tensor: Tensor<Float>) {
        let source = Self.isReadable(tensor) ? tensor : tensor.contiguous()
        storage = source.storage
        offset = source.offset
        rows = source.shape[source.rank - 2]
        columns = source.shape[source.rank - 1]
        batchShape = Array(source.shape.dropLast(2))
        batchStrides = Array(source.strides.dropLast(2))
        let (down, right) = (source.strides[source.rank - 2], source.strides[source.rank - 1])
        isTransposed = !Self.isRowMajor(source)
        stride =
            isTransposed
            ? (columns > 1 ? right : max(1, rows)) : (rows > 1 ? down : max(1, columns))
    }

    /// Floats from one row to the next.
    var rowStep: Int { isTransposed ? 1 : stride }

    /// Floats from one column to the next.
    var columnStep: Int { isTransposed ? stride : 1 }

    /// Where the matrix of each index of `shape` begins, in row-major order.
    func offsets(over shape: [Int]) -> [Int] {
        var offsets = [offset]
        let missing = shape.count - batchShape.count
        for axis in shape.indices {
            let own = axis - missing
            let step = own >= 0 && batchShape[own] > 1 ? batchStrides[own] : 0
            offsets = offsets.flatMap { start in (0..<shape[axis]).map { start + $0 * step } }
        }
        return offsets
    }

    private static func isReadable(_ tensor: Tensor<Float>) -> Bool {
        isRowMajor(tensor) || isColumnMajor(tensor)
    }

    static func isRowMajor(_ tensor: Tensor<Float>) -> Bool {
        let (rows, columns) = (tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1])
        let (down, right) = (tensor.strides[tensor.rank - 2], tensor.strides[tensor.rank - 1])
        return (right == 1 || columns == 1) && (down >= max(1, columns) || rows == 1)
    }

    private static func isColumnMajor(_ tensor: Tensor<Float>) -> Bool {
        let (rows, columns) = (tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1])
        let (down, right) = (tensor.strides[tensor.rank - 2], tensor.strides[tensor.rank - 1])
        return (down == 1 || rows == 1) && (right >= max(1, rows) || columns == 1)
    }
}

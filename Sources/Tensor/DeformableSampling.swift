import Kernels

/// Multi-scale deformable attention's sampling (Zhu et al. 2021, Deformable DETR, section 4.1): every
/// head of every query reads each map of a pyramid of values at a few points of its own and sums what it
/// read by the softmax of its weights.
///
/// A point lies at `reference + offset / size of the map` for a reference point, and at
/// `centre + offset / points * size of the box / 2` for a reference box, as shares of the valid area. It
/// is read bilinearly between pixel centres at half-integers; outside the map are zeros.
///
/// - Parameters:
///   - values: `[frames, tokens, heads, width]`: the maps of `levels` one after the other, each row by row.
///     A view costs no copy where its last axis lies in memory without gaps.
///   - levels: the sizes of the maps.
///   - offsets: `[(frames,) queries, heads * levels * points * 2]`, x before y, in pixels of the map.
///     Without the axis of frames, the same for all.
///   - logits: `[(frames,) queries, heads * levels * points]`: the weights before the softmax.
///   - references: `[(frames,) queries, 2]` (x, y) or `[(frames,) queries, 4]` (x and y of the centre,
///     width, height), shares of the valid area.
///   - validRatios: `[(frames,) levels, 2]`, the share of each map's width and height that is no padding;
///     nil where nothing is.
/// - Returns: `[frames, queries, heads * width]`.
public func deformableSampling(
    values: Tensor<Float>, levels: [MapSize], offsets: Tensor<Float>, logits: Tensor<Float>,
    references: Tensor<Float>, validRatios: Tensor<Float>? = nil
) -> Tensor<Float> {
    let operands = SamplingOperands(
        values: values, levels: levels, offsets: offsets, logits: logits, references: references,
        validRatios: validRatios)
    if [values, offsets, logits, references].contains(where: \.isTraced) {
        return composedDeformableSampling(
            values: values, levels: levels, offsets: offsets, logits: logits,
            references: references,
            validRatios: validRatios ?? Tensor(repeating: 1, shape: [levels.count, 2]))
    }
    return Tensor(
        shape: [operands.frames, operands.queries, operands.heads * operands.width]
    ) { buffer in
        guard let result = buffer.baseAddress, !buffer.isEmpty else { return }
        operands.withKernel { $0(into: result) }
    }
}

/// The operands of a sampling, checked.
private struct SamplingOperands {
    let frames: Int
    let queries: Int
    let heads: Int
    let width: Int
    private let points: Int
    private let levels: [MapSize]
    private let values: Tensor<Float>
    private let offsets: Tensor<Float>
    private let logits: Tensor<Float>
    private let references: Tensor<Float>
    private let validRatios: Tensor<Float>

    init(
        values: Tensor<Float>, levels: [MapSize], offsets: Tensor<Float>, logits: Tensor<Float>,
        references: Tensor<Float>, validRatios: Tensor<Float>?
    ) {
        precondition(
            values.rank == 4 && values.shape[2] > 0 && values.shape[3] > 0,
            "deformableSampling: values \(values.shape) are not [frames, tokens, heads, width]")
        precondition(
            !levels.isEmpty && levels.allSatisfy { $0.height > 0 && $0.width > 0 }
                && levels.reduce(0) { $0 + $1.count } == values.shape[1],
            "deformableSampling: maps of \(levels) do not hold the tokens of values \(values.shape)"
        )
        frames = values.shape[0]
        heads = values.shape[2]
        width = values.shape[3]
        let lanes = heads * levels.count
        precondition(
            (2...3).contains(logits.rank) && logits.shape[logits.rank - 1] > 0
                && logits.shape[logits.rank - 1] % lanes == 0,
            "deformableSampling: logits \(logits.shape) are not [(frames,) queries, points] of "
                + "\(heads) heads and \(levels.count) levels")
        queries = logits.shape[logits.rank - 2]
        points = logits.shape[logits.rank - 1] / lanes
        self.levels = levels
        // Distances between values are 32-bit integers in the kernel.
        let values = values.strides[3] == 1 || width == 1 ? values : values.contiguous()
        precondition(
            values.strides[1] * values.shape[1] + width <= Int(Int32.max),
            "deformableSampling: values \(values.shape) with strides \(values.strides) are too large"
        )
        self.values = values
        let ratios = validRatios ?? Tensor(repeating: 1, shape: [levels.count, 2])
        let (frames, queries) = (frames, queries)
        func fits(_ operand: Tensor<Float>, _ shape: [Int]) -> Bool {
            operand.shape == shape || operand.shape == [frames] + shape
        }
        precondition(
            fits(logits, [queries, lanes * points]) && fits(offsets, [queries, lanes * points * 2])
                && (fits(references, [queries, 2]) || fits(references, [queries, 4]))
                && fits(ratios, [levels.count, 2]),
            "deformableSampling: offsets \(offsets.shape), logits \(logits.shape), references "
                + "\(references.shape) or valid ratios \(ratios.shape) do not fit values "
                + "\(values.shape) in \(levels.count) levels")
        self.offsets = offsets.contiguous()
        self.logits = logits.contiguous()
        self.references = references.contiguous()
        self.validRatios = ratios.contiguous()
    }

    func withKernel(_ body: (DeformableSampling) -> Void) {
        withExtendedLifetime(self) {
            var start = 0
            let maps = levels.map { size in
                defer { start += size.count }
                return SampledLevel(height: size.height, width: size.width, start: start)
            }
            body(
                DeformableSampling(
                    levels: maps, frames: frames, queries: queries, heads: heads, width: width,
                    points: points,
                    values: .init(
                        values.storage.elements + values.offset, frameStride: values.strides[0],
                        tokenStride: values.strides[1], headStride: values.strides[2]),
                    offsets: Self.points(offsets), logits: Self.points(logits),
                    references: Self.points(references),
                    referenceWidth: references.shape[references.rank - 1],
                    validRatios: Self.points(validRatios)))
        }
    }

    private static func points(_ operand: Tensor<Float>) -> DeformableSampling.Points {
        .init(
            operand.storage.elements + operand.offset,
            frameStride: operand.rank == 3 ? operand.shape[1] * operand.shape[2] : 0)
    }
}

import Tensor
import TestSupport
import Workloads

extension Attention: Twinned {
    /// Averages of numbers within 1, with scores below 10 (see the tests of attention itself).
    func plainly(_ operands: Operands) throws -> [Expected] {
        let (q, k, v) = (
            try operands["queries"], try operands["keys"], try operands["values"]
        )
        let values = (0..<batch).flatMap { element in
            Naive.attention(
                queries: q[element], keys: k[element], values: v[element], heads: heads,
                scale: scale, keyPaddingMask: keyPadding)
        }
        return [Expected(values, within: 3e-6)]
    }
}

extension Propagation: Twinned {
    /// Averages of numbers within 1, with scores up to 30 (see the tests of cosine attention).
    func plainly(_ operands: Operands) throws -> [Expected] {
        let keys = try operands["keys"]
        let values = Naive.attention(
            queries: isMutual ? keys : try operands["queries"], keys: keys,
            values: try operands["values"], heads: 1, scale: scale, excludingOwnGroupOf: frame)
        return [Expected(values, within: 5e-6)]
    }
}

extension SwinAttention: Twinned {
    /// Ten times what single precision costs the official code on values of this size.
    func plainly(_ operands: Operands) throws -> [Expected] {
        let twin = try PlainWindowAttention(operands, heads: heads, window: window, fit: fit)
        let x = try operands["x"].scalars.map(Double.init)
        return [Expected(twin(x, extent: size, shifted: isShifted), within: 1e-5)]
    }
}

extension DeformableSampling: Twinned {
    /// Coordinates are off by a few 2^-24 of the map's size, samples by as much of the values' range.
    func plainly(_ operands: Operands) throws -> [Expected] {
        let references = try references(operands)
        let values = Naive.deformableSampling(
            values: try operands["values"], levels: maps, offsets: try operands["offsets"],
            logits: try operands["logits"],
            references: stacked(Array(repeating: references, count: frames)),
            validRatios: Tensor(repeating: 1, shape: [frames, levels.count, 2]))
        return [Expected(values, within: 2e-5)]
    }
}

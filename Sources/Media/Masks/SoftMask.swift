import Tensor

/// Probabilities `[height, width]` as gray levels: 255 times the probability, cut to a whole number, as the
/// official code writes soft masks. Values outside 0...1, and NaN, become the nearest level (NaN: 0).
public func softMask(_ probabilities: Tensor<Float>) -> Tensor<UInt8> {
    probabilities.withUnsafeBuffer { source in
        Tensor(shape: probabilities.shape) { target in
            for i in target.indices {
                // The comparison first: NaN fails it.
                let value = source[i] > 0 ? min(source[i], 1) : 0
                target.initializeElement(at: i, to: UInt8(255 * value))
            }
        }
    }
}

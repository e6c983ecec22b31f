import Kernels

/// Gaussian filtering of values that belong to points with features, such as a pixel's place and colour.
///
/// About `result[i] = n[i] * sum over j of exp(-|f[i] - f[j]|^2 / 2) * n[j] * value[j]`, a point itself
/// included, with `n` the square root of one over what the plain sum makes of ones. The sum is that of the
/// permutohedral lattice (Adams, Baek and Davis, 2010), not an exact one; the normalisation is the
/// symmetric one of fully connected random fields (Krähenbühl and Koltun, 2013).
public struct GaussianLatticeFilter: Sendable {
    private let lattice: PermutohedralLattice
    private let factors: Tensor<Float>

    /// The most features that a point may have.
    public static let mostFeatures = PermutohedralLattice.mostFeatures

    /// Prepares the filter of points.
    ///
    /// - Parameter features: `[points, features]`, each divided by its deviation.
    public init(features: Tensor<Float>) {
        precondition(
            features.rank == 2 && (1...Self.mostFeatures).contains(features.shape[1]),
            "GaussianLatticeFilter: \(features.shape) is not [points, 1...\(Self.mostFeatures)]")
        let (points, dimension) = (features.shape[0], features.shape[1])
        let largest = PermutohedralLattice.largestFeature(dimension: dimension)
        let lattice = features.withUnsafeBuffer { features in
            precondition(
                features.allSatisfy { abs($0) <= largest },
                "GaussianLatticeFilter: a feature of \(dimension) exceeds \(largest)")
            return PermutohedralLattice(features, dimension: dimension)
        }
        self.lattice = lattice
        factors = Tensor(shape: [points]) { factors in
            guard let start = factors.baseAddress else { return }
            lattice.filter(nil, factors: nil, scale: 1, adding: nil, into: start)
            for i in factors.indices { factors[i] = 1 / (factors[i] + 1e-20).squareRoot() }
        }
    }

    /// `base + scale * filtered(values)`; all `[points]`.
    public func callAsFunction(
        _ values: Tensor<Float>, scale: Float = 1, adding base: Tensor<Float>? = nil
    ) -> Tensor<Float> {
        precondition(
            values.shape == factors.shape && base?.shape ?? factors.shape == factors.shape,
            "GaussianLatticeFilter: \(values.shape) on \(base?.shape ?? []) is not \(factors.shape)"
        )
        let base = base?.contiguous()
        return Tensor(shape: values.shape) { result in
            guard let result = result.baseAddress else { return }
            values.withUnsafeBuffer { values in
                factors.withUnsafeBuffer { factors in
                    withOptionalStorage(base) { base in
                        lattice.filter(
                            values.baseAddress, factors: factors.baseAddress, scale: scale,
                            adding: base, into: result)
                    }
                }
            }
        }
    }
}

import Tensor
import TestSupport
import Testing

@Suite("Gaussian lattice filter")
struct GaussianLatticeFilterTests {
    /// Clusters, grids, and points so far apart that none has a neighbour.
    @Test("The filter is the plain lattice's", arguments: 0..<40)
    func agreesWithThePlainLattice(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let dimension = Int.random(in: 1...6, using: &random)
        let points = Int.random(in: 1...400, using: &random)
        let spread = Float.random(in: 0.1...30, using: &random)
        var features = random.tensor([points, dimension], in: -spread...spread)
        if seed % 3 == 0 {
            // A grid, as of pixels, whose points lie on no face of a simplex but for the origin's: on one,
            // roundings would decide which corners exist.
            features = Tensor(features.scalars.map { $0.rounded() / 1.37 }, shape: features.shape)
        }
        let values = random.tensor([points])
        let base = random.tensor([points])
        let twin = PlainLattice(features)
        let filtered = GaussianLatticeFilter(features: features)(values, scale: 1.7, adding: base)
        let expected = zip(base.scalars, twin.normalized(values.scalars.map(Double.init)))
            .map { Double($0) + 1.7 * $1 }
        // A point of float32 lies up to 2^-24 of its coordinates, about a hundred, from that of float64: so
        // do its weights, about 1e-5, and the result depends on them continuously.
        #expect(largestDifference(filtered, expected) < 1e-4)
    }

    /// The lattice's Gaussian is not the exact one, so that two digits agree; and points must be dense, as
    /// values that are blurred beyond the corners are lost.
    @Test("The filter is nearly a Gaussian", arguments: [1, 2, 3, 5])
    func isNearlyGaussian(dimension: Int) {
        var random = SeededRandom(UInt64(dimension))
        let features = random.tensor([600, dimension])
        let values = random.tensor([600], in: 0...1)
        let f = features.scalars
        func kernel(_ i: Int, _ j: Int) -> Double {
            let squares = (0..<dimension).map { axis -> Double in
                let difference = Double(f[i * dimension + axis] - f[j * dimension + axis])
                return difference * difference
            }
            return exponential(-squares.reduce(0, +) / 2)
        }
        let factors = (0..<600).map { i in
            1 / (0..<600).reduce(0) { $0 + kernel(i, $1) }.squareRoot()
        }
        let exact = (0..<600).map { i in
            factors[i]
                * (0..<600).reduce(0) {
                    $0 + kernel(i, $1) * factors[$1] * Double(values.scalars[$1])
                }
        }
        let filtered = GaussianLatticeFilter(features: features)(values)
        #expect(largestDifference(filtered, exact) < 0.05)
    }

    /// The number of threads changes nothing, and many points fill several tasks of each step.
    @Test func manyPoints() {
        var random = SeededRandom(4)
        let features = random.tensor([20_011, 3], in: -9...9)
        let values = random.tensor([20_011])
        let expected = PlainLattice(features).normalized(values.scalars.map(Double.init))
        let filtered = GaussianLatticeFilter(features: features)(values)
        #expect(largestDifference(filtered, expected) < 1e-4)
        #expect(GaussianLatticeFilter(features: features)(values).scalars == filtered.scalars)
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The waves of every place that occurs along an axis. Few differ: they are computed once and copied.
///
/// A position is the count of a place less `shift`, over the number of all, times 2 pi. Channel `2k` is the
/// sine and `2k + 1` the cosine of the position over `10000^(2k / features)`.
struct SineWaves {
    /// Where a token lies along one axis: the `count`-th of `total` unpadded places.
    struct Place: Hashable {
        let count: Int
        let total: Int

        init(count: Int, of total: Int) {
            self.count = count
            self.total = total
        }
    }

    private static let epsilon: Float = 1e-6
    private static let temperature: Float = 10_000
    /// 2 pi to the nearest; twice `Float.pi`, which is rounded towards zero, lies one place below.
    private static let turn = Float(2 * Double.pi)

    let features: Int
    private(set) var values: [Float] = []
    private let shift: Float
    private var starts: [Place: Int] = [:]

    init(features: Int, shift: Float = 0) {
        self.features = features
        self.shift = shift
    }

    /// Where the waves of `place` begin in `values`.
    mutating func start(of place: Place) -> Int {
        if let known = starts[place] { return known }
        let start = values.count
        starts[place] = start
        let position =
            (Float(place.count) - shift) / (Float(place.total) + Self.epsilon) * Self.turn
        for channel in 0..<features {
            let exponent = Float(channel / 2 * 2) / Float(features)
            let angle = position / powf(Self.temperature, exponent)
            values.append(channel % 2 == 0 ? sinf(angle) : cosf(angle))
        }
        return start
    }
}

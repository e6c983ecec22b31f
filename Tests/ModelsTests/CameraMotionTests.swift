import Foundation
import Models
import Tensor
import TestSupport
import Testing

@Suite struct CameraMotionTests {
    /// A pattern without an end, as seen through `map`, with a disc that goes its own way; `[height, width, 3]`.
    private static func picture(
        _ map: AffineMap, disc: SIMD2<Float>, height: Int, width: Int
    ) -> Tensor<Float> {
        var values: [Float] = []
        for y in 0..<height {
            for x in 0..<width {
                let place = SIMD2(
                    (Float(x) + 0.5) / Float(width), (Float(y) + 0.5) / Float(height))
                let isDisc = distance(place, disc) < 0.173
                let p = isDisc ? place - disc + 3 : map(place)
                let slow = 0.4 * sine(9 * p.x + 4 * p.y) + 0.3 * sine(5 * p.x - 13 * p.y)
                let value = slow + 0.2 * sine(31 * p.x + 2) * sine(27 * p.y)
                values += [value, value - 0.1, value + 0.1]
            }
        }
        return Tensor(values, shape: [height, width, 3])
    }

    private static func distance(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float {
        ((a - b) * (a - b)).sum().squareRoot()
    }

    private static func sine(_ x: Float) -> Float { Float(sin(Double(x))) }

    static let maps: [AffineMap] = [
        .identity,
        AffineMap(origin: SIMD2(0.02, -0.03)),
        AffineMap(origin: SIMD2(-0.12, 0.05)),
        AffineMap(right: SIMD2(1.05, 0), down: SIMD2(0, 1.05), origin: SIMD2(-0.03, -0.02)),
        AffineMap(right: SIMD2(0.996, 0.06), down: SIMD2(-0.06, 0.996), origin: SIMD2(0.05, -0.02)),
    ]

    /// The map is found though a tenth of the picture goes another way: corners of the frame are off by less than a
    /// hundredth of it, a pixel of the small pictures that it is found in.
    @Test(arguments: maps, [[96, 160], [135, 101]])
    func mostOfThePictureIsFollowed(map: AffineMap, size: [Int]) {
        let frames = stacked([
            Self.picture(.identity, disc: SIMD2(0.4, 0.5), height: size[0], width: size[1]),
            Self.picture(map, disc: SIMD2(0.5, 0.45), height: size[0], width: size[1]),
        ])
        let motion = CameraMotion(of: frames)
        for corner in [SIMD2<Float>(0, 0), SIMD2(1, 0), SIMD2(0, 1), SIMD2(1, 1)] {
            // The second frame shows at a point what the first one shows where the map brings it.
            #expect(Self.distance(motion.map(from: 1, to: 0)(corner), map(corner)) < 0.01)
            #expect(Self.distance(motion.map(from: 0, to: 1)(map(corner)), corner) < 0.01)
        }
        #expect(motion.map(from: 1, to: 1) == .identity)
    }

    /// Where there is nothing to go by, the camera rests: pictures of one colour, not a number, and of two pixels.
    @Test(arguments: [
        Tensor<Float>(repeating: 0.3, shape: [3, 40, 60, 3]),
        Tensor(repeating: .nan, shape: [3, 40, 60, 3]), .random([3, 1, 2, 3], seed: 1),
    ])
    func withoutAClueTheCameraRests(frames: Tensor<Float>) {
        #expect(CameraMotion(of: frames).map(from: 2, to: 0) == .identity)
    }

    /// A map and its inverse, one after the other, leave points where they are, up to rounding.
    @Test(arguments: maps) func inversesLeadBack(map: AffineMap) {
        for both in [map.after(map.inverse), map.inverse.after(map)] {
            for point in [SIMD2<Float>(0.2, 0.9), SIMD2(0.7, 0.1)] {
                #expect(Self.distance(both(point), point) < 1e-6)
            }
        }
    }

    /// Against the mean written down point by point in double precision, over sizes and maps that nobody chose, some of
    /// which show hardly a common point. Coordinates are off by 2^-24 of the size, values of up to 1 by as much.
    @Test(arguments: 0..<6) func alignedMeansMatchTheirTwin(seed: UInt64) {
        var random = SeededRandom(seed)
        let (frames, height, width, channels) = (
            Int.random(in: 1...4, using: &random), Int.random(in: 1...9, using: &random),
            Int.random(in: 1...12, using: &random), Int.random(in: 1...5, using: &random)
        )
        func number(_ range: ClosedRange<Float>) -> Float { .random(in: range, using: &random) }
        let motion = CameraMotion(
            toFirst: (0..<frames).map { _ in
                AffineMap(
                    right: SIMD2(number(0.8...1.2), number(-0.2...0.2)),
                    down: SIMD2(number(-0.2...0.2), number(0.8...1.2)),
                    origin: SIMD2(number(-0.5...0.5), number(-0.5...0.5)))
            })
        let map = Tensor<Float>.random([frames, height, width, channels], seed: seed)
        let found = AlignedMean(motion, frames: frames, height: height, width: width)(map)
        #expect(found.shape == map.shape)
        #expect(largestDifference(found, Self.means(of: map, motion)) < 1e-5)
    }

    private static func means(of map: Tensor<Float>, _ motion: CameraMotion) -> [Double] {
        let (frames, height, width) = (map.shape[0], map.shape[1], map.shape[2])
        var result: [Double] = []
        for frame in 0..<frames {
            for y in 0..<height {
                for x in 0..<width {
                    let place = SIMD2(
                        (Float(x) + 0.5) / Float(width), (Float(y) + 0.5) / Float(height))
                    var sums = [Double](repeating: 0, count: map.shape[3])
                    var shown = 0.0
                    for other in 0..<frames {
                        let seen = motion.map(from: frame, to: other)(place)
                        let column = Double(seen.x) * Double(width) - 0.5
                        let row = Double(seen.y) * Double(height) - 0.5
                        guard let values = value(of: map[other], row: row, column: column) else {
                            continue
                        }
                        shown += 1
                        for (index, value) in values.enumerated() { sums[index] += value }
                    }
                    result += sums.map { $0 / shown }
                }
            }
        }
        return result
    }

    /// The channels of `map`, `[height, width, channels]`, between its pixels; `nil` outside.
    private static func value(of map: Tensor<Float>, row: Double, column: Double) -> [Double]? {
        let last = (row: Double(map.shape[0] - 1), column: Double(map.shape[1] - 1))
        guard row >= -0.5, column >= -0.5, row <= last.row + 0.5, column <= last.column + 0.5 else {
            return nil
        }
        let y = min(max(row, 0), last.row)
        let x = min(max(column, 0), last.column)
        let values = map.scalars
        var result = [Double](repeating: 0, count: map.shape[2])
        for v in 0..<map.shape[0] {
            for u in 0..<map.shape[1] {
                let share = max(0, 1 - abs(y - Double(v))) * max(0, 1 - abs(x - Double(u)))
                let start = (v * map.shape[1] + u) * result.count
                for channel in result.indices {
                    result[channel] += share * Double(values[start + channel])
                }
            }
        }
        return result
    }
}

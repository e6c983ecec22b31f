import TestSupport
import Testing
import Training

/// The drawing of clips against plain loops in double precision.
@Suite struct WarpTests {
    /// A flat map with a turn, shear, enlargement and mirror image, its centre near the picture's.
    private struct FlatMap {
        let (a, b, c, d, e, f): (Double, Double, Double, Double, Double, Double)

        init(_ random: inout SeededRandom, from size: SIMD2<Int>, to frame: SIMD2<Int>) {
            func number(_ range: ClosedRange<Double>) -> Double {
                .random(in: range, using: &random)
            }
            (a, b) = (number(-1.5...1.5), number(-0.7...0.7))
            (d, e) = (number(-0.7...0.7), number(0.3...2))
            c = Double(size.x) * number(0...1) - a * Double(frame.x) / 2 - b * Double(frame.y) / 2
            f = Double(size.y) * number(0...1) - d * Double(frame.x) / 2 - e * Double(frame.y) / 2
        }

        func callAsFunction(_ x: Double, _ y: Double) -> SIMD2<Double> {
            SIMD2(a * x + b * y + c, d * x + e * y + f)
        }
    }

    @Test(arguments: 0..<40)
    func agreesWithPlainLoops(seed: UInt64) {
        var random = SeededRandom(seed)
        func length(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
        let size = SIMD2(length(1...60), length(1...60))
        let frame = SIMD2(length(1...70), length(1...70))
        let picture = Picture(
            width: size.x, height: size.y,
            pixels: (0..<size.x * size.y).map { _ in
                SIMD4(
                    .random(in: 0...255, using: &random), .random(in: 0...255, using: &random),
                    .random(in: 0...255, using: &random), .random(in: 0...255, using: &random))
            })
        let map = FlatMap(&random, from: size, to: frame)
        for repeats in [true, false] {
            var result = [SIMD4<Float>](repeating: .zero, count: frame.x * frame.y)
            result.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                Warp(width: frame.x, height: frame.y).add(
                    picture, repeats: repeats, share: 1, into: start
                ) { point in
                    SIMD2<Float>(map(Double(point.x), Double(point.y)))
                }
            }
            var largest: Float = 0
            for y in 0..<frame.y {
                for x in 0..<frame.x {
                    let expected = plain(picture, size, map(Double(x), Double(y)), repeats)
                    let difference = SIMD4<Double>(result[y * frame.x + x]) - expected
                    largest = max(
                        largest, Float((difference * difference).sum().squareRoot()))
                }
            }
            // Places up to some hundreds of pixels in single precision, stepped over 16 pixels, are known to
            // about 2e-4 of a pixel; neighbours differ by at most 1 in each of four channels.
            #expect(largest < 1e-3)
        }
    }

    private func plain(
        _ picture: Picture, _ size: SIMD2<Int>, _ place: SIMD2<Double>, _ repeats: Bool
    ) -> SIMD4<Double> {
        func mirrored(_ value: Double, _ count: Int) -> Double {
            let last = Double(count - 1)
            var value = value
            while last > 0, value < 0 || value > last {
                value = value < 0 ? -value : 2 * last - value
            }
            return last > 0 ? value : 0
        }
        func pixel(_ x: Int, _ y: Int) -> SIMD4<Double> {
            guard x >= 0, y >= 0, x < size.x, y < size.y else { return .zero }
            return SIMD4<Double>(picture.pixels[y * size.x + x]) / 255
        }
        let x = repeats ? mirrored(place.x, size.x) : place.x
        let y = repeats ? mirrored(place.y, size.y) : place.y
        let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        let (right, down) = (x - Double(left), y - Double(top))
        let upper = pixel(left, top) * (1 - right) + pixel(left + 1, top) * right
        let lower = pixel(left, top + 1) * (1 - right) + pixel(left + 1, top + 1) * right
        return upper * (1 - down) + lower * down
    }

    /// What is painted out takes the colours around it, and what is known stays.
    @Test(arguments: [(1, 1), (2, 5), (37, 21), (64, 48)])
    func paintedOutObjects(width: Int, height: Int) {
        let background = SIMD4<UInt8>(200, 30, 90, 0)
        var pixels = [SIMD4<UInt8>](repeating: background, count: width * height)
        for y in height / 3..<height / 2 {
            for x in width / 3..<width / 2 { pixels[y * width + x] = SIMD4(0, 255, 0, 255) }
        }
        let filled = Picture(width: width, height: height, pixels: pixels).objectsFilled()
        // Means in single precision may round down by one.
        for pixel in filled.pixels {
            #expect(pixel.w == 0)
            for channel in 0..<3 {
                #expect(abs(Int(pixel[channel]) - Int(background[channel])) <= 1)
            }
        }
    }

    /// A picture that is nothing but an object has no surroundings: there is still an answer.
    @Test func nothingButAnObject() {
        let pixels = [SIMD4<UInt8>](repeating: SIMD4(9, 9, 9, 255), count: 35)
        let filled = Picture(width: 7, height: 5, pixels: pixels).objectsFilled()
        #expect(filled.pixels.allSatisfy { $0 == .zero })
    }
}

import Tensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Moves the edges of a foreground mask to those of the image: a conditional random field in which every
/// pixel is connected to every other (Krähenbühl and Koltun, 2011).
///
/// Two labels, Potts penalties under a Gaussian of place and one of place and colour, mean-field inference:
/// what MED-VT's DAVIS results are refined with. One value serves for a frame's size; its `callAsFunction`
/// takes the frames.
public struct FullyConnectedCRF: Sendable {
    /// The strengths of the field.
    public struct Configuration: Sendable, Hashable {
        /// A Gaussian and what two pixels pay under it for different labels.
        public struct Kernel: Sendable, Hashable {
            /// The deviation of places, in pixels.
            public var place: Float
            /// The deviation of colours, in steps of 255; nil where colour does not count.
            public var colour: Float?
            /// The penalty.
            public var weight: Float

            /// A kernel of place and, where given, colour.
            public init(place: Float, colour: Float? = nil, weight: Float) {
                self.place = place
                self.colour = colour
                self.weight = weight
            }
        }

        /// What the probabilities are raised to before they are stretched to 0 ... 1.
        public var power: Double
        /// The Gaussian of place.
        public var smoothness: Kernel
        /// The Gaussian of place and colour.
        public var appearance: Kernel
        /// Steps of mean-field inference.
        public var iterations: Int

        /// The values of MED-VT's script for DAVIS.
        public static let davis = Configuration(
            power: 1.3, smoothness: Kernel(place: 0.220880737269, weight: 1.24845093352),
            appearance: Kernel(place: 22.3761305044, colour: 7.70254062277, weight: 1.40326787165),
            iterations: 15)

        /// A configuration of all values.
        public init(power: Double, smoothness: Kernel, appearance: Kernel, iterations: Int) {
            self.power = power
            self.smoothness = smoothness
            self.appearance = appearance
            self.iterations = iterations
        }
    }

    /// What a field and the refinement of a frame take for each pixel at most: that of a frame of noise,
    /// where no two pixels share a corner of the lattice. Photographs take about half.
    static let bytesPerPixel = 800

    /// The rows of a frame.
    public let height: Int
    /// The columns of a frame.
    public let width: Int
    /// The strengths of the field.
    public let configuration: Configuration

    /// The kernel of place, which is the same for all frames.
    private let smoothness: GaussianLatticeFilter

    /// A field over frames of one size.
    public init(height: Int, width: Int, configuration: Configuration = .davis) {
        precondition(
            configuration.smoothness.colour == nil && configuration.appearance.colour != nil,
            "FullyConnectedCRF: the smoothness is that of places, the appearance has colours")
        self.height = height
        self.width = width
        self.configuration = configuration
        let deviation = configuration.smoothness.place
        smoothness = GaussianLatticeFilter(
            features: Tensor(shape: [height * width, 2]) { features in
                for pixel in 0..<height * width {
                    features[2 * pixel] = Float(pixel % width) / deviation
                    features[2 * pixel + 1] = Float(pixel / width) / deviation
                }
            })
    }

    /// The probability of foreground after inference, `[height, width]`; above 0.5 is the official mask.
    ///
    /// The official script reads the probabilities from 8-bit images, so they are cut to whole 255ths.
    ///
    /// - Parameters:
    ///   - foreground: probabilities, `[height, width]`.
    ///   - image: the frame, `[height, width, 3]`.
    public func callAsFunction(
        _ foreground: Tensor<Float>, image: Tensor<UInt8>
    ) -> Tensor<Float> {
        let levels = Tensor<UInt8>(shape: foreground.shape) { levels in
            foreground.withUnsafeBuffer { values in
                for i in levels.indices { levels[i] = UInt8(max(0, min(1, values[i])) * 255) }
            }
        }
        return self(levels, image: image)
    }

    /// The same for probabilities in 255ths, `[height, width]`.
    public func callAsFunction(
        _ foreground: Tensor<UInt8>, image: Tensor<UInt8>
    ) -> Tensor<Float> {
        precondition(
            foreground.shape == [height, width] && image.shape == [height, width, 3],
            "FullyConnectedCRF: \(foreground.shape) and \(image.shape) are not [\(height), \(width)] "
                + "and [\(height), \(width), 3]")
        let odds = logOdds(of: foreground)
        let appearance = GaussianLatticeFilter(features: features(of: image))
        // Of two labels whose shares add up to one, the odds say everything, and the messages of both are
        // that of their difference.
        var field = odds
        for _ in 0..<configuration.iterations {
            let difference = sigmoid(field) * 2 - 1
            field = smoothness(difference, scale: configuration.smoothness.weight, adding: odds)
            field = appearance(difference, scale: configuration.appearance.weight, adding: field)
        }
        return sigmoid(field).reshaped(height, width)
    }

    /// The logarithm of the odds of each pixel, `[height * width]`.
    private func logOdds(of foreground: Tensor<UInt8>) -> Tensor<Float> {
        let levels = foreground.scalars
        let lowest = pow(Double(levels.min() ?? 0), configuration.power)
        let highest = pow(Double(levels.max() ?? 0), configuration.power)
        let table = (0...255).map { level -> Float in
            // One level everywhere says nothing of where the object is: no foreground, as officially.
            guard highest > lowest else { return Float(log(1e-5)) }
            let p = (pow(Double(level), configuration.power) - lowest) / (highest - lowest)
            return Float(log(max(p, 1e-5)) - log(max(1 - p, 1e-5)))
        }
        return Tensor(levels.map { table[Int($0)] })
    }

    /// Place and colour of each pixel, `[height * width, 5]`.
    private func features(of image: Tensor<UInt8>) -> Tensor<Float> {
        let kernel = configuration.appearance
        let colour = kernel.colour ?? 1
        return Tensor(shape: [height * width, 5]) { features in
            image.withUnsafeBuffer { image in
                for pixel in 0..<height * width {
                    let own = 5 * pixel
                    features[own] = Float(pixel % width) / kernel.place
                    features[own + 1] = Float(pixel / width) / kernel.place
                    for channel in 0..<3 {
                        features[own + 2 + channel] = Float(image[3 * pixel + channel]) / colour
                    }
                }
            }
        }
    }
}

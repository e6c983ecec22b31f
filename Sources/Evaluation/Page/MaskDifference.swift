import Media
import Tensor

/// What a pixel is where prediction and truth are compared; the colours are told apart with any colour vision.
enum MaskAgreement: CaseIterable {
    case both, predictionOnly, truthOnly, otherObject

    var name: String {
        switch self {
        case .both: "in both"
        case .predictionOnly: "prediction only"
        case .truthOnly: "truth only"
        case .otherObject: "another object"
        }
    }

    var colour: RGB {
        switch self {
        case .both: RGB(red: 236, green: 236, blue: 236)
        case .predictionOnly: RGB(red: 240, green: 115, blue: 30)
        case .truthOnly: RGB(red: 40, green: 130, blue: 240)
        case .otherObject: RGB(red: 205, green: 60, blue: 190)
        }
    }

    fileprivate init?(_ prediction: UInt8, _ truth: UInt8) {
        switch (prediction, truth) {
        case (0, 0): return nil
        case (_, 0): self = .predictionOnly
        case (0, _): self = .truthOnly
        default: self = prediction == truth ? .both : .otherObject
        }
    }
}

/// Where two maps of labels `[height, width]` agree and differ, painted over a gray and darkened image
/// `[height, width, 3]`.
func maskDifference(
    _ prediction: Tensor<UInt8>, _ truth: Tensor<UInt8>, over image: Tensor<UInt8>
) -> Tensor<UInt8> {
    precondition(
        prediction.shape == truth.shape && image.shape == truth.shape + [3],
        "maskDifference: \(prediction.shape), \(truth.shape) over \(image.shape)")
    return prediction.withUnsafeBuffer { prediction in
        truth.withUnsafeBuffer { truth in
            image.withUnsafeBuffer { image in
                Tensor(shape: [image.count]) { target in
                    for pixel in prediction.indices {
                        let start = 3 * pixel
                        let sum =
                            Int(image[start]) + 2 * Int(image[start + 1]) + Int(image[start + 2])
                        let gray = sum / 4
                        let agreement = MaskAgreement(prediction[pixel], truth[pixel])
                        let levels = agreement.map {
                            [$0.colour.red, $0.colour.green, $0.colour.blue]
                        }
                        // What both have is only tinted, what they differ in is nearly opaque.
                        let weight = agreement == .both ? 35 : 85
                        for channel in 0..<3 {
                            let level =
                                levels.map {
                                    (Int($0[channel]) * weight + gray * (100 - weight)) / 100
                                } ?? gray * 45 / 100
                            target[start + channel] = UInt8(level)
                        }
                    }
                }
            }
        }
    }.reshaped(image.shape)
}

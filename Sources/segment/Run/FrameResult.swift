import Media
import Models
import Tensor

/// What a model says about one frame, at the frame's own size.
struct FrameResult: Sendable {
    /// The frame itself.
    let frame: Frame

    /// The class of each pixel, `[height, width]`; 0 is background.
    let labels: Tensor<UInt8>

    /// The probability that a pixel is foreground, `[height, width]`, of a model with one class.
    let foreground: Tensor<Float>?

    /// The masks of a prediction; `threshold` is the probability above which a pixel is foreground.
    init(frame: Frame, prediction: Prediction, threshold: Float) {
        self.frame = frame
        switch prediction {
        case .foreground(let probability):
            foreground = probability
            labels = probability.mappedElements { $0 > threshold ? 1 : 0 }
        case .labels(let classes):
            foreground = nil
            labels = classes.mappedElements { UInt8(clamping: $0) }
        }
    }
}

extension Tensor {
    /// A tensor of the same shape whose elements `transform` makes.
    func mappedElements<Result>(_ transform: (Element) -> Result) -> Tensor<Result> {
        withUnsafeBuffer { elements in
            Tensor<Result>(shape: shape) { result in
                for index in elements.indices {
                    result.initializeElement(at: index, to: transform(elements[index]))
                }
            }
        }
    }
}

import Masks
import Media
import Models
import Tensor

/// An object on one frame.
struct FrameInstance: Sendable {
    /// The object's number, from 1: the same in every frame.
    let track: Int

    /// The id of its category.
    let category: Int

    /// The category's name, where it is known.
    let name: String?

    /// How sure the model is, of the object in the whole video.
    let score: Float

    let mask: RunLengthMask

    /// Its index in the palette. There are 255 colours: objects beyond them share those of the first.
    var label: UInt8 { UInt8((track - 1) % 255 + 1) }
}

/// What a model says about one frame, at the frame's own size.
struct FrameResult: Sendable {
    /// The frame's index in the input.
    let index: Int

    /// What outputs of the frame are called.
    let name: String

    /// The frame's pixels, `[height, width, 3]`; `nil` where no writer needs them.
    let image: Tensor<UInt8>?

    /// The class or the object of each pixel, `[height, width]`; 0 is background.
    let labels: Tensor<UInt8>

    /// The probability that a pixel is foreground, `[height, width]`, of a model with one class.
    let foreground: Tensor<Float>?

    /// The objects on the frame, the surest first, of a model that finds objects.
    let instances: [FrameInstance]?

    /// The masks of a prediction; `threshold` is the probability above which a pixel is foreground.
    init(frame: Frame, prediction: Prediction, threshold: Float) {
        index = frame.index
        name = frame.name
        image = frame.image
        instances = nil
        switch prediction {
        case .foreground(let probability):
            foreground = probability
            labels = probability.mappedElements { $0 > threshold ? 1 : 0 }
        case .labels(let classes):
            foreground = nil
            labels = classes.mappedElements { UInt8(clamping: $0) }
        }
    }

    /// The masks of objects, the surest first, on a frame of `height` rows and `width` columns. Where they
    /// overlap, the surest is seen.
    init(
        index: Int, name: String, image: Tensor<UInt8>?, instances: [FrameInstance], height: Int,
        width: Int
    ) {
        self.index = index
        self.name = name
        self.image = image
        self.instances = instances
        foreground = nil
        var labels = Tensor<UInt8>(repeating: 0, shape: [height, width])
        for instance in instances.reversed() { instance.mask.paint(instance.label, on: &labels) }
        self.labels = labels
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

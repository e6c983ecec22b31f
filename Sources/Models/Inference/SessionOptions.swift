import Foundation

/// What a person may ask of a model's work on a video. What is `nil` is left to the model.
public struct SessionOptions: Sendable {
    /// A preprocessing in place of the model's own: another size.
    public var preprocessing: Preprocessing?
    /// Several looks at each window.
    public var augmentation = TestTimeAugmentation.none
    /// How models of pixels cut the video into windows.
    public var windowProtocol = WindowProtocol.once
    /// Every how many frames of the video a window of a model of pixels holds one; windows of neighbouring frames at 1.
    public var frameStride: Int?
    /// The probability above which a pixel belongs to the foreground or to an object.
    public var maskThreshold: Float = 0.5
    /// A field that moves the edges of a foreground to those of the frame, of models with one class.
    public var refinement: FullyConnectedCRF.Configuration?
    /// How many bytes the session may take beyond what is resident before it begins: what decides how much is
    /// kept to save time. ``defaultMemoryLimit`` where it is not given.
    public var memoryLimit: Int?
    /// How many frames of a clip are seen together, by models that take any number.
    public var clipLength: Int?
    /// How many frames lie between the beginnings of two clips.
    public var clipStride: Int?
    /// How many objects, the best ones, are kept.
    public var topK: Int?
    /// The score above which an object is kept.
    public var scoreThreshold: Float?
    /// The ids of the categories that are kept.
    public var categories: Set<Int>?

    /// The logit that a pixel's must exceed for its probability to exceed ``maskThreshold``.
    ///
    /// In single precision the probability of a logit below 1.5 * 2^-24 is not above a half.
    var logitThreshold: Float {
        maskThreshold == 0.5
            ? Float(0x1.8p-24).nextDown
            : Float(log(Double(maskThreshold) / (1 - Double(maskThreshold))))
    }

    /// A gibibyte: what some 180 frames of 640x360 take of a SeqFormer with ResNet-50.
    public static let defaultMemoryLimit = 1 << 30

    /// Everything is left to the model.
    public init() {}
}

/// An option that a model cannot take.
public struct UnsupportedOption: Error, Equatable, CustomStringConvertible {
    /// The option's name in words, such as `clip length`.
    public let option: String

    /// Why it cannot be taken, and what can be done: the rest of the sentence.
    public let reason: String

    /// An error about `option`; `reason` ends the sentence "The option ... ".
    public init(_ option: String, _ reason: String) {
        self.option = option
        self.reason = reason
    }

    /// One sentence: which option, why not, what to do.
    public var description: String { "The option \(option) \(reason)." }
}

import Media
import Models

/// How much memory a run will need at most.
enum MemoryEstimate {
    /// The expected peak, in bytes: what is resident now (the model), a forward pass at the largest scale,
    /// and frames and results of two windows at the size of the input.
    static func peak(
        of model: LoadedModel, input: ImageSize, frame: ImageSize, largestScale: Double
    ) -> Int {
        let frames = model.model.clipLength
        let pixels = Double(frames * input.width * input.height) * largestScale * largestScale
        let passes = Int(pixels * bytesPerPixel(of: model.configuration.backbone))
        // RGB of this window and the next one, probabilities of this one twice.
        let windows = frames * frame.width * frame.height * (2 * 3 + 2 * 4)
        return ProcessMemory.resident + passes + windows
    }

    /// What a forward pass holds at its peak for each pixel of its clip: measured, rounded up.
    private static func bytesPerPixel(of backbone: MEDVTConfiguration.BackboneKind) -> Double {
        switch backbone {
        case .swinB: 230
        case .resnet101: 560
        }
    }
}

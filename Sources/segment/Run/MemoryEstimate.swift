import Models

/// How much memory a run will need at most.
enum MemoryEstimate {
    /// Bytes that a forward pass holds at its peak for each pixel of its clip: measured, rounded up.
    private static let bytesPerPixel = 700

    /// Frames of the input's size that are held at once, in windows: this one, the next one, results.
    private static let heldFrames = 4

    /// The expected peak.
    static func peak(
        model: LoadedModel, height: Int, width: Int, frameBytes: Int, largestScale: Double
    ) -> Int {
        let pixels = Double(model.model.clipLength * height * width) * largestScale * largestScale
        return ProcessMemory.resident + Int(pixels) * bytesPerPixel
            + heldFrames * model.model.clipLength * frameBytes
    }
}

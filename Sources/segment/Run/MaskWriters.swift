import Media

/// Writes each frame's classes or objects as a PNG with the palette of DAVIS, whose indices are the classes
/// or the objects' numbers.
struct MaskWriter: ResultWriter {
    let folder: String

    func write(_ result: FrameResult) throws {
        try ImageFile.write(indices: result.labels, to: "\(folder)/\(result.name).png")
    }
}

/// Writes what is not background on each frame as white on black, a gray PNG.
struct BinaryMaskWriter: ResultWriter {
    let folder: String

    func write(_ result: FrameResult) throws {
        try ImageFile.write(
            gray: result.labels.mappedElements { $0 == 0 ? 0 : 255 },
            to: "\(folder)/\(result.name).png")
    }
}

/// Writes each frame's probability of foreground as an 8-bit gray PNG.
struct SoftMaskWriter: ResultWriter {
    let folder: String

    func write(_ result: FrameResult) throws {
        guard let foreground = result.foreground else { return }
        try ImageFile.write(gray: softMask(foreground), to: "\(folder)/\(result.name).png")
    }
}

/// Writes one line of JSON for each frame.
struct LineWriter: ResultWriter {
    /// The names of classes, by number.
    private let names: [Int: String]
    private let file: JSONLinesWriter

    init(path: String, names: [Int: String]) throws {
        self.names = names
        file = try JSONLinesWriter(path)
    }

    func write(_ result: FrameResult) throws {
        try file.append(FrameDescription(result, names: names))
    }

    func finish() throws {
        try file.finish()
    }
}

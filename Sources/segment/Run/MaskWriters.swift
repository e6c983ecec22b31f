import Media

/// Writes each frame's classes as a PNG with the palette of DAVIS, whose indices are the classes.
struct MaskWriter: ResultWriter {
    let folder: String

    func write(_ result: FrameResult) throws {
        try ImageFile.write(indices: result.labels, to: "\(folder)/\(result.frame.name).png")
    }
}

/// Writes each frame's probability of foreground as an 8-bit gray PNG.
struct SoftMaskWriter: ResultWriter {
    let folder: String

    func write(_ result: FrameResult) throws {
        guard let foreground = result.foreground else { return }
        try ImageFile.write(gray: softMask(foreground), to: "\(folder)/\(result.frame.name).png")
    }
}

/// Writes one line of JSON for each frame.
struct LineWriter: ResultWriter {
    private let file: JSONLinesWriter

    init(path: String) throws {
        file = try JSONLinesWriter(path)
    }

    func write(_ result: FrameResult) throws {
        try file.append(FrameDescription(result))
    }

    func finish() throws {
        try file.finish()
    }
}

import ArgumentParser

/// `segment run`: masks and overlays of a video, an image or a folder of frames.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Segment a video, an image, or a folder of frames (the default command).")

    mutating func run() async throws {
        throw Failure(.internal, "run is not here yet")
    }
}

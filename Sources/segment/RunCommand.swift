import ArgumentParser
import Media
import Models

/// `segment run`: masks and overlays of a video, an image or a folder of frames.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Segment a video, an image, or a folder of frames (the default command).",
        discussion: """
            INPUT is a video file, a PNG or JPEG image, a folder of images, or a pattern such as \
            shots/*.png; images are taken in natural order (2 before 10).

            Examples:
              segment clip.mp4 --weights medvt.safetensors
              segment clip.mp4 --weights medvt.pth -o overlay.mp4
              segment frames/ --weights medvt.safetensors -o out --outputs masks,soft,jsonl
              segment clip.mp4 --weights medvt.safetensors -o out --protocol official --flip
              segment clip.mp4 --demo-weights -o demo
            """)

    @Argument(
        help: ArgumentHelp(
            "A video, a folder of images, or images; a pattern may be quoted or not.",
            valueName: "input"),
        completion: .file())
    var inputs: [String]

    @OptionGroup(title: "Model")
    var modelOptions: ModelOptions

    @OptionGroup(title: "Output")
    var outputOptions: OutputOptions

    @OptionGroup(title: "Inference")
    var inferenceOptions: InferenceOptions

    @OptionGroup(title: "Objects")
    var objectOptions: ObjectOptions

    @OptionGroup(title: "Intermediate results")
    var recordOptions: RecordOptions

    func run() async throws {
        inferenceOptions.threadOptions.apply()
        try await Run(self).start()
    }
}

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
              segment clip.mp4 --weights seqformer.pth -o out --outputs results,overlay --score 0.3
              segment run --dataset davis16 --root DAVIS --weights medvt.pth -o masks --shard 1/4
              segment clip.mp4 --demo-weights -o demo

            A data set's videos are written one by one, and those that are there are passed over, so that a \
            run goes on where it stopped; outputs of several shards merge by copying. 'segment eval' scores \
            them. Data sets:
            \(dataSetList)
            """)

    @Argument(
        help: ArgumentHelp(
            "A video, a folder of images, or images; a pattern may be quoted or not.",
            valueName: "input"),
        completion: .file())
    var inputs: [String] = []

    @OptionGroup(title: "Data set")
    var dataSetOptions: DataSetOptions

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

    func validate() throws {
        guard dataSetOptions.dataset != nil else {
            guard !inputs.isEmpty else {
                throw ValidationError("Missing expected argument '<input> ...'")
            }
            return
        }
        let given = [
            ("an input", !inputs.isEmpty), ("--outputs", outputOptions.outputs != nil),
            ("--from", inferenceOptions.firstFrame != nil),
            ("--to", inferenceOptions.endFrame != nil),
            ("--record", recordOptions.record != nil),
        ]
        guard let (name, _) = given.first(where: \.1) else { return }
        throw ValidationError("--dataset and \(name) exclude each other; leave one out")
    }

    func run() async throws {
        inferenceOptions.threadOptions.apply()
        if let run = DataSetRun(self) {
            try await run.start()
        } else {
            try await Run(self).start()
        }
    }

    private static var dataSetList: String {
        let width = DataSet.all.map(\.name.count).max() ?? 0
        return DataSet.all.map { dataSet in
            let space = String(repeating: " ", count: width - dataSet.name.count + 2)
            return "  \(dataSet.name)\(space)\(dataSet.title)"
        }.joined(separator: "\n")
    }
}

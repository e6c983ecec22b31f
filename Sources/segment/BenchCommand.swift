import ArgumentParser
import Checkpoints
import Models
import Tensor

/// `segment bench`: how long a model takes for one clip, part by part, and what memory it needs.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Time a model on one clip, part by part.",
        discussion: """
            The model runs with made-up weights on noise: neither changes the time. The first run is not \
            counted. Memory is the peak of the whole process, weights included.

            Examples:
              segment bench
              segment bench --model avos-resnet101 --label-propagation-scale 4 --runs 5
              segment bench --simulate-threads 2,8,16,64
            """)

    @Option(
        help: "One of \(ModelFamilies.presetNames.joined(separator: ", ")).",
        completion: .list(ModelFamilies.presetNames))
    var model = "avos-swinb"

    @Option(
        help: "What the model sees, WIDTHxHEIGHT (default: 841x473).",
        transform: FrameSize.init(_:))
    var size = FrameSize.fixed(width: 841, height: 473)

    @Option(help: "How many frames the clip has, for models that take any number (default: 5).")
    var frames: Int?

    @Option(help: "How many runs are counted; the median is told.")
    var runs = 3

    @Option(help: "The scale at which labels are propagated, in place of the model's own.")
    var labelPropagationScale: Double?

    @Option(
        help: """
            Tell, in place of times, what the pass would take on these numbers of threads, separated by \
            commas: computed from the tasks of passes on one thread. What the machine's memory \
            allows is not known to it.
            """,
        transform: ThreadCounts.init(_:))
    var simulateThreads: ThreadCounts?

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    @OptionGroup
    var threadOptions: ThreadOptions

    private static let usualFrames = 5

    func validate() throws {
        guard frames.map((1...1000).contains) ?? true else {
            throw ValidationError("--frames is \(frames ?? 0); it takes a number from 1 to 1000")
        }
        guard (1...100).contains(runs) else {
            throw ValidationError("--runs is \(runs); it takes a number from 1 to 100")
        }
        guard simulateThreads == nil || threadOptions.threads == nil else {
            throw ValidationError(
                "--simulate-threads looks at passes on one thread; leave --threads out")
        }
        guard case .fixed = size else {
            throw ValidationError("--size takes WIDTHxHEIGHT, for example 841x473")
        }
    }

    func run() async throws {
        threadOptions.apply()
        guard case .fixed(let width, let height) = size else { return }
        guard var configuration = ModelFamilies.preset(named: model) else {
            throw ValidationError(
                "--model is '\(model)'; it takes one of "
                    + ModelFamilies.presetNames.joined(separator: ", "))
        }
        if let labelPropagationScale {
            guard var medvt = configuration as? MEDVTConfiguration else {
                throw ValidationError(
                    "--label-propagation-scale is an option of MED-VT, which \(model) is not")
            }
            medvt.labelPropagationScale = labelPropagationScale
            configuration = medvt
        }
        let weights = try MadeUpWeights.source(for: configuration, name: model)
        let network = try MadeUpWeights.model(configuration, from: weights)
        if let frames, let needed = network.clipLength, frames != needed {
            throw ValidationError("--frames is \(frames), but \(model) takes \(needed) at once")
        }
        let count = network.clipLength ?? frames ?? Self.usualFrames
        let clip = Clip(frames: Self.noise(shape: [count, height, width, 3]))
        // The table does not tell what the machine reaches.
        let (name, runs, measuresMachine) = (model, runs, json)
        if let counts = simulateThreads?.counts {
            let simulation = await ComputeThread.run {
                ThreadSimulation(name, network, clip: clip, runs: runs, threads: counts)
            }
            try tell(simulation, simulation.lines)
            return
        }
        let benchmark = await ComputeThread.run {
            ModelBenchmark(
                name, network, clip: clip, runs: runs,
                weightBytes: weights.entries.reduce(0) { $0 + $1.byteCount },
                measuresMachine: measuresMachine)
        }
        try tell(benchmark, benchmark.lines)
    }

    private func tell(_ result: some Encodable, _ lines: [String]) throws {
        if json {
            Console.result(try JSONText.encode(result))
        } else {
            for line in lines { Console.result(line) }
        }
    }

    /// Values of about the spread of normalised pixels, the same at every call.
    private static func noise(shape: [Int]) -> Tensor<Float> {
        Tensor(shape: shape) { values in
            var state: UInt32 = 1
            for index in values.indices {
                state = state &* 1_664_525 &+ 1_013_904_223
                values[index] = Float(state >> 8) / Float(1 << 22) - 2
            }
        }
    }
}

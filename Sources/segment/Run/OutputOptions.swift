import ArgumentParser

/// Where a run writes, what, and what it says meanwhile.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("output")],
        help: """
            The folder for the outputs, or an .mp4 file for the overlay video alone \
            (default: the input's name and '-segmented', here).
            """,
        completion: .file())
    var output: String?

    @Option(
        help: """
            What to write, with commas: masks (PNG with palette, the index is the class or the object), \
            soft (8-bit probabilities), overlay (video), overlay-frames, jsonl, results (YouTube-VIS \
            JSON), objects (a folder of masks for each) (default: masks,overlay; of objects also \
            results).
            """,
        completion: .list(OutputKind.allCases.map(\.rawValue)),
        transform: Set<OutputKind>.init(_:))
    var outputs: Set<OutputKind>?

    @Flag(help: "Replace outputs of an earlier run.")
    var force = false

    @Flag(help: "Print nothing but errors.")
    var quiet = false
}

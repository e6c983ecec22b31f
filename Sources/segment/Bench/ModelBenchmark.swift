import Models
import Tensor

/// The times of some forward passes on one clip, whole and by part, and the memory that they took.
struct ModelBenchmark: Encodable, Sendable {
    /// One part of the forward pass.
    struct Stage: Encodable, Sendable {
        let name: String
        let seconds: Double
    }

    let model: String
    let frames: Int
    let height: Int
    let width: Int
    let threads: Int
    /// The median over the runs.
    let seconds: Double
    /// All counted runs.
    let runs: [Double]
    /// Medians over the runs, in the order of the forward pass.
    let stages: [Stage]
    /// The most memory that was resident at once in this process, weights and loading included.
    let peakBytes: Int
    /// The most memory of tensors at once, weights not included.
    let activationPeakBytes: Int
    /// The model's weights in 32-bit floats.
    let weightBytes: Int
    /// Multiplications and additions that the machine made in a second at best, just before and just after;
    /// nil where it was not measured.
    let multiplyAddRate: Double?

    /// Runs `network` once to warm up and `runs` times to measure.
    init(
        _ name: String, _ network: any SegmentationModel, clip: Clip, runs count: Int,
        weightBytes: Int, measuresMachine: Bool
    ) {
        func machineRate() -> Double? {
            measuresMachine ? Engine.multiplyAddRate(for: .milliseconds(300)) : nil
        }
        self.weightBytes = weightBytes
        let before = Engine.liveBytes
        network.forward(clip, recorder: nil)
        Engine.resetPeakBytes()
        let rate = machineRate()
        let measured = (0..<count).map { _ in
            let clock = StageClock()
            let duration = ContinuousClock().measure {
                network.forward(clip, recorder: Recorder(names: [], clock: clock))
            }
            return (seconds: duration.inSeconds, stages: clock.durations)
        }
        model = name
        frames = clip.frames.shape[0]
        height = clip.frames.shape[1]
        width = clip.frames.shape[2]
        threads = Engine.threads
        runs = measured.map(\.seconds)
        seconds = Self.median(runs)
        stages = (measured.first?.stages ?? []).map { first in
            let times = measured.flatMap(\.stages).filter { $0.stage == first.stage }
            return Stage(
                name: first.stage, seconds: Self.median(times.map { $0.duration.inSeconds }))
        }
        peakBytes = ProcessMemory.peak
        activationPeakBytes = Engine.peakBytes - before
        multiplyAddRate = [rate, machineRate()].compactMap { $0 }.max()
    }

    /// A table of the parts, the longest shares plain to see.
    var lines: [String] {
        var table = TextTable([("part", .left), ("seconds", .right), ("share", .right)])
        for stage in stages {
            let share = seconds > 0 ? stage.seconds / seconds : 0
            table.append([
                stage.name, fixed(stage.seconds), "\(Int((share * 100).rounded())) %",
            ])
        }
        table.append(["whole clip", fixed(seconds), "100 %"])
        return ["\(model), \(frames) frames of \(width)x\(height), \(threads) threads"]
            + table.lines + [
                "median of \(runs.count): \(runs.map(fixed).joined(separator: ", ")) s",
                "peak memory \(ByteCount.words(peakBytes)), of which activations "
                    + ByteCount.words(activationPeakBytes),
            ]
    }

    private func fixed(_ seconds: Double) -> String { seconds.fixed(places: 3) }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

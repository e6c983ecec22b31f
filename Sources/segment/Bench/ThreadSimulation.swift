import Kernels
import Models

/// What a forward pass would take on other numbers of threads, computed from its trace on one.
///
/// Steps follow each other; the tasks of a step go in order to the threads that are free first. Not
/// modelled: the bandwidth of memory and caches that threads share, clock rates that sink when more cores
/// work, and the time to hand tasks over. It tells what the division into tasks allows, no more.
struct ThreadSimulation: Encodable, Sendable {
    /// The whole pass on some number of threads.
    struct Prediction: Encodable, Sendable {
        let threads: Int
        let seconds: Double
        /// Seconds in which one thread works and no other can.
        let serialSeconds: Double
        /// Seconds that steps of several tasks take longer than their work divided by the threads.
        let imbalanceSeconds: Double
    }

    /// A part of the model; seconds are on one thread.
    struct Part: Encodable, Sendable {
        let name: String
        let seconds: Double
        let serialSeconds: Double
        /// In the order of ``predictions``.
        let predictedSeconds: [Double]
    }

    /// Steps of one part at one place of the source.
    struct Place: Encodable, Sendable {
        let part: String
        let place: String
        let steps: Int
        let fewestTasks: Int
        let mostTasks: Int
        /// On one thread, all steps together.
        let seconds: Double
        /// The longest task of all.
        let longestTaskSeconds: Double
        /// Seconds beyond the work divided by the threads, in the order of ``predictions``.
        let lostSeconds: [Double]

        var isSerial: Bool { mostTasks == 1 }
    }

    let model: String
    let frames: Int
    let height: Int
    let width: Int
    /// How many passes were traced; the shortest time of each task counts.
    let runs: Int
    /// The pass on one thread.
    let seconds: Double
    let predictions: [Prediction]
    /// In the order of the forward pass.
    let parts: [Part]
    /// Where the largest number of threads loses most, the worst first.
    let places: [Place]

    /// Seconds on one thread that no number of threads makes less.
    var serialSeconds: Double { parts.map(\.serialSeconds).reduce(0, +) }

    /// Runs `network` once to warm up and traces `runs` passes.
    init(
        _ model: String, _ network: any SegmentationModel, clip: Clip, runs: Int, threads: [Int]
    ) {
        network.forward(clip, recorder: nil)
        let traces = (0..<runs).map { _ in
            PassTrace { clock in
                network.forward(clip, recorder: Recorder(names: [], clock: clock))
            }
        }
        self.init(model, shape: clip.frames.shape, traces: traces, threads: threads)
    }

    private init(
        _ model: String, shape: [Int], traces: [PassTrace], threads: [Int]
    ) {
        let steps = PassTrace(shortestOf: traces).steps
        let timed = steps.map { step in
            (step: step, spans: threads.map { makespan(of: step.tasks, workers: $0) })
        }
        self.model = model
        (frames, height, width) = (shape[0], shape[1], shape[2])
        runs = traces.count
        seconds = steps.map(\.seconds).reduce(0, +)
        predictions = threads.enumerated().map { index, count in
            let serial = timed.filter(\.step.isSerial).map { $0.spans[index] }.reduce(0, +)
            let shared = timed.filter { !$0.step.isSerial }
            let spans = shared.map { $0.spans[index] }.reduce(0, +)
            let work = shared.map(\.step.seconds).reduce(0, +)
            return Prediction(
                threads: count, seconds: serial + spans, serialSeconds: serial,
                imbalanceSeconds: max(0, spans - work / Double(count)))
        }
        parts = grouped(timed, by: \.step.part).map { name, steps in
            Part(
                name: name, seconds: steps.map(\.step.seconds).reduce(0, +),
                serialSeconds: steps.filter(\.step.isSerial).map(\.step.seconds).reduce(0, +),
                predictedSeconds: threads.indices.map { index in
                    steps.map { $0.spans[index] }.reduce(0, +)
                })
        }
        places = grouped(timed, by: { "\($0.step.part)\n\($0.step.place)" }).map { _, steps in
            let counts = steps.map(\.step.tasks.count)
            return Place(
                part: steps[0].step.part, place: steps[0].step.place, steps: steps.count,
                fewestTasks: counts.min() ?? 0, mostTasks: counts.max() ?? 0,
                seconds: steps.map(\.step.seconds).reduce(0, +),
                longestTaskSeconds: steps.flatMap(\.step.tasks).max() ?? 0,
                lostSeconds: threads.enumerated().map { index, count in
                    steps.map { $0.spans[index] - $0.step.seconds / Double(count) }.reduce(0, +)
                })
        }.sorted { ($0.lostSeconds.last ?? 0) > ($1.lostSeconds.last ?? 0) }
    }
}

/// The elements under their names, in the order in which names first turn up.
private func grouped<Element>(
    _ elements: [Element], by name: (Element) -> String
) -> [(String, [Element])] {
    var order: [String] = []
    var groups: [String: [Element]] = [:]
    for element in elements {
        let name = name(element)
        if groups[name] == nil { order.append(name) }
        groups[name, default: []].append(element)
    }
    return order.map { ($0, groups[$0] ?? []) }
}

import ArgumentParser
import Foundation
import Tensor
import Workloads

/// Times the kernels on the shapes that they have in the models, alone or beside other libraries.
@main
struct KernelBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels",
        abstract: "Times the kernels on the shapes that they have in the models.",
        discussion: """
            Medians, in GFLOP/s or GB/s, and which share that is of what the machine reaches in the same run: \
            multiply-adds that never leave the registers, copies of 64 MB. Convolutions by Winograd's algorithm \
            need fewer multiply-adds than are counted, and maps that fit into the caches are faster than memory: \
            both may pass 100 %. With --compare, other libraries compute the same from the same values on as many \
            threads, alternately with ours; results that differ are an error. A ratio above 1 means that \
            ours is faster.
            """)

    @Option(help: "Only workloads whose name contains this.")
    var filter = ""

    @Option(help: "Runs that are counted.")
    var runs = 7

    @Option(help: "How many threads compute.")
    var threads: Int?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Libraries to compare with.", valueName: "library"))
    var compare: [Peer.Library] = []

    @Option(help: "The Python that has these libraries.")
    var python = "python3"

    @Option(help: "The script that runs them.")
    var script = "Benchmarks/peers.py"

    func validate() throws {
        guard runs > 0, (threads ?? 1) > 0 else {
            throw ValidationError("--runs and --threads take positive numbers")
        }
        guard !workloads.isEmpty else {
            throw ValidationError("no workload's name contains '\(filter)'")
        }
    }

    private var workloads: [Workload] {
        Workload.table.filter { filter.isEmpty || $0.name.contains(filter) }
    }

    func run() throws {
        if let threads { Engine.useThreads(threads) }
        // As in training, whose steps ask for the same sizes again and again.
        Engine.keepMemory(beyondPeak: 512 << 20)
        let peers = try compare.map {
            try Peer($0, python: python, script: script, threads: Engine.threads)
        }
        let machine = Machine()
        print("\(Engine.instructionSet), \(Engine.threads) threads")
        print(machine)
        print(Row.titles(peers.map(\.library)))
        fflush(nil)
        for workload in workloads {
            let measurement = try Measurement(of: workload, runs: runs, beside: peers)
            print(Row(measurement, on: machine))
            fflush(nil)
        }
    }
}

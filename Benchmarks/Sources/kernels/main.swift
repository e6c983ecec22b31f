import ArgumentParser
import Tensor

/// Times the kernels on the shapes that they have in the models.
struct KernelBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels",
        abstract: "Times the kernels on the shapes that they have in the models.",
        discussion: """
            Medians, in GFLOP/s or GB/s. 'of product' relates a rate to that of a large square product, \
            measured in the same run: what the machine reaches at best, whatever else it does. A \
            convolution by Winograd's algorithm needs fewer operations than are counted, and may pass 100 %.
            """)

    @Option(help: "Only workloads whose name contains this.")
    var filter = ""

    @Option(help: "Runs that are counted.")
    var runs = 7

    @Option(help: "How many threads compute.")
    var threads: Int?

    func validate() throws {
        guard runs > 0, (threads ?? 1) > 0 else {
            throw ValidationError("--runs and --threads take positive numbers")
        }
    }

    func run() {
        if let threads { Engine.useThreads(threads) }
        print("\(Engine.instructionSet), \(Engine.threads) threads")
        let best = Self.largeProduct.rate(runs: runs).value
        print(Self.row("large product", Self.largeProduct.rate(runs: runs), best: best))
        for workload in Workload.table where filter.isEmpty || workload.name.contains(filter) {
            print(Self.row(workload.name, workload.rate(runs: runs), best: best))
        }
    }

    private static var largeProduct: Workload {
        Workload("large product", .operations(2 * 2048 * 2048 * 2048)) {
            let x = Tensor.noise([2048, 2048])
            let weight = PackedMatrix(.noise([2048, 2048]))
            return { _ = linear(x, weight) }
        }
    }

    private static func row(_ name: String, _ rate: Workload.Rate, best: Double) -> String {
        let label = name + String(repeating: " ", count: max(1, 36 - name.count))
        let time = "\((rate.seconds * 1e5).rounded() / 100) ms"
        let speed = "\((rate.value * 10).rounded() / 10) \(rate.unit)"
        guard rate.unit == "GFLOP/s" else { return "\(label)\(time)  \(speed)" }
        return "\(label)\(time)  \(speed)  \(Int((rate.value / best * 100).rounded())) % of product"
    }
}

extension Workload {
    /// How fast a workload ran.
    struct Rate {
        let seconds: Double
        let value: Double
        let unit: String
    }

    func rate(runs: Int) -> Rate {
        let seconds = medianSeconds(runs: runs)
        switch unit {
        case .operations(let count):
            return Rate(seconds: seconds, value: count / seconds / 1e9, unit: "GFLOP/s")
        case .bytes(let count):
            return Rate(seconds: seconds, value: count / seconds / 1e9, unit: "GB/s")
        }
    }
}

KernelBenchmark.main()

import Workloads

/// A line of the table.
struct Row: CustomStringConvertible {
    let description: String

    private static let nameWidth = 41
    private static let widths = [10, 16, 13]

    init(_ measurement: Measurement, on machine: Machine) {
        let (rate, share) =
            switch measurement.workload.operation.cost {
            case .arithmetic(let count):
                (
                    "\(tenths(count / measurement.seconds / 1e9)) GFLOP/s",
                    count / measurement.seconds / machine.arithmetic
                )
            case .memory(let bytes):
                (
                    "\(tenths(bytes / measurement.seconds / 1e9)) GB/s",
                    bytes / measurement.seconds / machine.memory
                )
            }
        let peers = measurement.peers.map { peer in
            switch peer {
            case .seconds(let seconds):
                "\(Self.milliseconds(seconds))  \(hundredths(seconds / measurement.seconds))"
            case .notOffered: "not offered"
            }
        }
        description = Self.line(
            measurement.workload.name,
            [
                Self.milliseconds(measurement.seconds), rate,
                "\(Int((share * 100).rounded())) %",
            ] + peers)
    }

    /// The names of the columns; each peer's has its time and the ratio of its time to ours.
    static func titles(_ peers: [Peer.Library]) -> String {
        line("", ["ours", "rate", "of peak"] + peers.map { "\($0.rawValue)  ratio" })
    }

    private static func milliseconds(_ seconds: Double) -> String {
        "\(hundredths(seconds * 1000)) ms"
    }

    private static func line(_ name: String, _ columns: [String]) -> String {
        let cells = columns.enumerated().map { index, cell in
            let width = index < widths.count ? widths[index] : 22
            return String(repeating: " ", count: max(1, width - cell.count)) + cell
        }
        return name + String(repeating: " ", count: max(0, nameWidth - name.count))
            + cells.joined()
    }
}

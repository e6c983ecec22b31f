import Tensor

/// What the machine reaches at best, measured in the same run.
struct Machine: CustomStringConvertible {
    /// Multiplications and additions in a second.
    let arithmetic = Engine.multiplyAddRate(for: .milliseconds(300))
    /// Bytes read and written in a second.
    let memory = Engine.copyRate(for: .milliseconds(300))

    var description: String {
        "peak \(tenths(arithmetic / 1e9)) GFLOP/s, copies \(tenths(memory / 1e9)) GB/s"
    }
}

/// With one digit after the point.
func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

/// With two digits after the point.
func hundredths(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}

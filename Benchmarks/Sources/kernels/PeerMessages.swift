import Workloads

/// A line that a peer is sent.
enum PeerRequest: Encodable {
    /// Are you there?
    case hello
    /// Compute this.
    case workload(Workload)
    /// Again, by the clock, for at least that long.
    case run(forSeconds: Double)

    private enum Key: String, CodingKey { case request, operation, fields, operands, seconds }

    func encode(to encoder: any Encoder) throws {
        var line = encoder.container(keyedBy: Key.self)
        switch self {
        case .hello: try line.encode("hello", forKey: .request)
        case .run(let seconds):
            try line.encode("run", forKey: .request)
            try line.encode(seconds, forKey: .seconds)
        case .workload(let workload):
            try line.encode("workload", forKey: .request)
            try line.encode(type(of: workload.operation).kind, forKey: .operation)
            try line.encode(workload.operation, forKey: .fields)
            try line.encode(workload.operation.operands.map(OperandLine.init), forKey: .operands)
        }
    }
}

/// An operand, as a peer is told of it.
private struct OperandLine: Encodable {
    let name: String
    let shape: [Int]
    let base: Float
    let scale: Float

    init(_ operand: Operand) {
        (name, shape) = (operand.name, operand.shape)
        (base, scale) = (operand.base, operand.scale)
    }
}

/// A line that a peer answers.
struct PeerAnswer: Decodable {
    var ready: Bool?
    /// Of the result; absent where the operation is not offered.
    var samples: [Double]?
    /// How long a run took, the median of several.
    var seconds: Double?
}

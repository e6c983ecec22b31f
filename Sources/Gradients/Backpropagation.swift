import Tensor

extension Tensor<Float> {
    /// The same values as a parameter: what is computed from it can be differentiated with respect to it.
    ///
    /// Operations on a parameter remember themselves until their results are gone. Without parameters nothing
    /// is remembered.
    public func asParameter() -> Tensor { asTracedParameter() }
}

/// The derivatives of a number with respect to `parameters`, each of its parameter's shape; zeros where the
/// number does not depend on it.
///
/// Reverse mode: one walk from the loss back to the parameters. What only leads to other parameters than
/// these is not computed.
///
/// - Parameters:
///   - loss: a tensor with one element, computed from the parameters.
///   - parameters: made by `asParameter()`.
public func gradients(
    of loss: Tensor<Float>, withRespectTo parameters: [Tensor<Float>]
) -> [Tensor<Float>] {
    precondition(loss.count == 1, "gradients: a loss of shape \(loss.shape) is not one number")
    return gradients(
        of: loss, weightedBy: Tensor(repeating: 1, shape: loss.shape), withRespectTo: parameters)
}

/// The derivatives of `sum(weights * result)` with respect to `parameters`: the product of `weights` with
/// the Jacobian of `result`.
///
/// - Parameter weights: of the shape of `result`.
public func gradients(
    of result: Tensor<Float>, weightedBy weights: Tensor<Float>,
    withRespectTo parameters: [Tensor<Float>]
) -> [Tensor<Float>] {
    precondition(
        weights.shape == result.shape,
        "gradients: weights \(weights.shape) for a result of shape \(result.shape)")
    let wanted = parameters.map { parameter in
        guard let origin = parameter.origin, case .parameter = origin.operation else {
            preconditionFailure("gradients: a tensor of shape \(parameter.shape) is no parameter")
        }
        return origin
    }
    var walk = BackwardWalk(from: result.origin, to: wanted)
    walk.run(weights.detached())
    return zip(wanted, parameters).map {
        walk.gradient(at: $0) ?? Tensor(zeros: $1.shape)
    }
}

/// The origins between a result and the parameters, and the gradients that have arrived at them.
private struct BackwardWalk {
    /// Those that depend on a wanted parameter, the latest first.
    private let path: [Origin]
    private let isOnPath: Set<Int>
    private let result: Origin?
    private var arrived: [Int: Tensor<Float>] = [:]

    init(from result: Origin?, to wanted: [Origin]) {
        let reachable = Self.reachable(from: result)
        var needed = Set(wanted.map(\.number))
        // Operands come before what is made of them.
        for origin in reachable
        where origin.operands.contains(where: {
            $0?.origin.map { needed.contains($0.number) } ?? false
        }) {
            needed.insert(origin.number)
        }
        self.result = result
        isOnPath = needed
        path = reachable.filter { needed.contains($0.number) }.reversed()
    }

    /// What is found behind `result`, in the order in which it was computed.
    private static func reachable(from result: Origin?) -> [Origin] {
        guard let result else { return [] }
        var found = [result.number: result]
        var open = [result]
        while let origin = open.popLast() {
            for case let operand? in origin.operands.map({ $0?.origin })
            where found.updateValue(operand, forKey: operand.number) == nil {
                open.append(operand)
            }
        }
        return found.values.sorted { $0.number < $1.number }
    }

    mutating func run(_ weights: Tensor<Float>) {
        guard let result, isOnPath.contains(result.number) else { return }
        arrived[result.number] = weights
        for origin in path {
            if case .parameter = origin.operation { continue }
            // Given up here: a gradient lives no longer than it is needed.
            guard let gradient = arrived.removeValue(forKey: origin.number) else { continue }
            let wants = origin.operands.map {
                $0?.origin.map { isOnPath.contains($0.number) } ?? false
            }
            let parts = origin.operandGradients(gradient, wants: wants)
            for (operand, part) in zip(origin.operands, parts) {
                guard let number = operand?.origin?.number, let part, isOnPath.contains(number)
                else { continue }
                add(part, to: number)
            }
        }
    }

    private mutating func add(_ part: Tensor<Float>, to number: Int) {
        guard var sum = arrived.removeValue(forKey: number) else {
            arrived[number] = part
            return
        }
        sum += part
        arrived[number] = sum
    }

    func gradient(at origin: Origin) -> Tensor<Float>? { arrived[origin.number] }
}

import Checkpoints
import Synchronization
import Tensor

/// The inputs of a module that is verified, as it takes them.
struct ModuleCase {
    let referenceCase: ReferenceCase
    let weights: WeightScope
    /// What has been read so far.
    let inputs = InputNames()

    /// Whether the case has the input.
    func hasInput(_ name: String) -> Bool {
        referenceCase.tensors.entry(named: stored(name)) != nil
    }

    /// How the case calls an input: some families put `in.` before the names of inputs, some do not.
    private func stored(_ name: String) -> String {
        let isPlain = referenceCase.tensors.entry(named: name) != nil
        return isPlain ? name : "in.\(name)"
    }

    private func read(_ name: String) -> String {
        inputs.insert(stored(name))
        return stored(name)
    }

    /// An input as numbers, with `rank` axes where that is given.
    func input(_ name: String, rank: Int? = nil) throws -> Tensor<Float> {
        let value = try referenceCase.tensors.floats(read(name))
        if let rank, value.rank != rank {
            throw unfit(name, value.shape, "\(rank) axes")
        }
        return value
    }

    /// An input `[tokens, 1, channels]` as `[tokens, channels]`, of the shape `expected` where that is given.
    func tokens(_ name: String, shape expected: [Int]? = nil) throws -> Tensor<Float> {
        let value = try input(name, rank: 3)
        guard value.shape[1] == 1 else { throw unfit(name, value.shape, "[tokens, 1, channels]") }
        let tokens = value.squeezed(axis: 1)
        if let expected { try require(name, tokens.shape, expected) }
        return tokens
    }

    /// Refuses an input whose shape, in our layout, does not fit the other inputs.
    func require(_ name: String, _ found: [Int], _ expected: [Int]) throws {
        if found != expected { throw unfit(name, found, "\(expected)") }
    }

    /// An input `[n, channels, height, width]` as `[n, height, width, channels]`.
    func map(_ name: String) throws -> Tensor<Float> { try input(name, rank: 4).channelsLast }

    /// An input `[1, channels, frames, height, width]` as `[frames, height, width, channels]`.
    func volume(_ name: String) throws -> Tensor<Float> {
        let value = try input(name, rank: 5)
        guard value.shape[0] == 1 else { throw unfit(name, value.shape, "a batch of one") }
        return value.squeezed(axis: 0).transposed(1, 2, 3, 0)
    }

    /// An input as whole numbers.
    func integers(_ name: String) throws -> Tensor<Int64> {
        try referenceCase.tensors.integers(read(name))
    }

    /// An input of zeros and ones as a mask, of any shape.
    func mask(_ name: String) throws -> Tensor<Bool> {
        let values = try integers(name)
        return Tensor(values.scalars.map { $0 != 0 }, shape: values.shape)
    }

    /// The input `mask`, one row for a batch of one, as `[keys]`.
    func keyPaddingMask(_ name: String = "mask", keys: Int) throws -> Tensor<Bool> {
        let mask = try mask(name)
        try require(name, [mask.count], [keys])
        return mask.reshaped(mask.count)
    }

    /// An input of 8-bit pixels.
    func pixels(_ name: String, rank: Int) throws -> Tensor<UInt8> {
        let values = try integers(name)
        guard values.rank == rank else { throw unfit(name, values.shape, "\(rank) axes") }
        return Tensor(values.scalars.map { UInt8(truncatingIfNeeded: $0) }, shape: values.shape)
    }

    /// The names of the outputs that the case stores, without `out.`.
    var outputNames: [String] {
        referenceCase.tensors.entries.map(\.name).filter { $0.hasPrefix("out.") }
            .map { String($0.dropFirst(4)) }
    }

    /// The shape of a stored output, which has a number of axes among `ranks`.
    func outputShape(_ name: String, ranks: Int...) throws -> [Int] {
        let shape = try referenceCase.tensors.requireEntry(named: "out.\(name)").shape
        guard ranks.contains(shape.count) else {
            throw VerificationError.unfitTensor(
                name: "out.\(name)", shape: shape, expected: "\(ranks) axes",
                path: referenceCase.path)
        }
        return shape
    }

    /// A whole number of the configuration, at least `least`; `usual` where the case does not state it.
    func option(_ name: String, atLeast least: Int = 1, orElse usual: Int? = nil) throws -> Int {
        if let usual, referenceCase.config[name] == nil { return usual }
        guard let value = referenceCase.config[name]?.int, (least...65536).contains(value) else {
            throw VerificationError.missingOption(name: name, path: referenceCase.path)
        }
        return value
    }

    /// A whole number of the configuration that divides `channels`: of heads or of groups.
    func divisor(_ name: String, of channels: Int) throws -> Int {
        let value = try option(name)
        guard channels % value == 0 else {
            throw VerificationError.missingOption(name: name, path: referenceCase.path)
        }
        return value
    }

    /// A number of the configuration in a range.
    func number(_ name: String, in range: ClosedRange<Double>) throws -> Double {
        guard let value = referenceCase.config[name]?.double, range.contains(value) else {
            throw VerificationError.missingOption(name: name, path: referenceCase.path)
        }
        return value
    }

    /// The height and width that end a name such as `bilinear_13x9`.
    func size(in name: String) throws -> (height: Int, width: Int) {
        let ending = name.split(separator: "_").last ?? ""
        let digits = ending.drop { !$0.isNumber }.split(separator: "x").map { Int($0) }
        guard digits.count == 2, let height = digits[0], let width = digits[1] else {
            throw VerificationError.missingOption(
                name: "size in '\(name)'", path: referenceCase.path)
        }
        return (height, width)
    }

    func unfit(_ name: String, _ shape: [Int], _ expected: String) -> VerificationError {
        .unfitTensor(name: stored(name), shape: shape, expected: expected, path: referenceCase.path)
    }
}

/// The names of the tensors that a module read from its case.
final class InputNames: Sendable {
    private let read = Mutex<Set<String>>([])

    /// All of them so far.
    var names: Set<String> { read.withLock { $0 } }

    /// Notes one.
    func insert(_ name: String) { read.withLock { _ = $0.insert(name) } }
}

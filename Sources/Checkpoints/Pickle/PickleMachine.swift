/// A machine for pickle programs that cannot run anything: it makes data, tensors and inert objects.
///
/// Opcodes and functions outside fixed lists stop it. The number of steps is bounded, and with it all
/// memory: each step makes at most one value.
///
/// Source: the opcode descriptions of CPython's `pickletools`; for tensors, PyTorch's `torch/_utils.py`
/// and `torch/serialization.py` (behaviour only).
struct PickleMachine {
    var stream: PickleStream
    var heap = PickleHeap()
    var stack: [PickleValue] = []
    var storagesByKey: [String: Int] = [:]

    private var marks: [Int] = []
    private var memo: [UInt64: PickleValue] = [:]
    private var steps = 0

    /// The most steps of a file; ten thousand tensors with their optimizer's state take two million.
    static let mostSteps = 4_000_000

    init(_ stream: PickleStream) { self.stream = stream }

    /// Runs the next program of the stream and returns its value.
    mutating func run() throws -> PickleValue {
        stack = []
        marks = []
        memo = [:]
        while true {
            try charge(1)
            let code = try stream.byte()
            if code == UInt8(ascii: ".") { return try pop() }
            try perform(code)
        }
    }

    /// Counts work, and stops programs that do too much of it.
    ///
    /// What a step copies counts as steps: a short program could else copy a long list again and again.
    mutating func charge(_ count: Int) throws {
        steps += count
        guard steps <= Self.mostSteps else {
            throw CheckpointError.unsupported(
                path: stream.file.path,
                problem: "its pickle takes more than \(Self.mostSteps) steps; save the model's "
                    + "state dictionary alone")
        }
    }

    mutating func push(_ value: PickleValue) { stack.append(value) }

    mutating func pop() throws -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
            throw stream.malformed("a value is taken from an empty stack")
        }
        return value
    }

    func top() throws -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.last else {
            throw stream.malformed("a value is taken from an empty stack")
        }
        return value
    }

    mutating func mark() { marks.append(stack.count) }

    /// The values above the last mark, which are removed with it.
    mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else {
            throw stream.malformed("there is no mark on the stack")
        }
        let values = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return values
    }

    mutating func remember(_ index: UInt64) throws { memo[index] = try top() }

    mutating func memoize() throws { memo[UInt64(memo.count)] = try top() }

    /// Removes the mark if nothing is above it.
    mutating func poppedMark() -> Bool {
        guard let mark = marks.last, mark == stack.count else { return false }
        marks.removeLast()
        return true
    }

    func recall(_ index: UInt64) throws -> PickleValue {
        guard let value = memo[index] else {
            throw stream.malformed("memo \(index) was never set")
        }
        return value
    }
}

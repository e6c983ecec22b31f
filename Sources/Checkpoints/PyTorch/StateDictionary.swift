import FileAccess

/// Finds the model's tensors in what a training script saved.
struct StateDictionary {
    /// Names and tensors, in the order of the file; wrapper prefixes are stripped.
    private(set) var tensors: [(name: String, tensor: TorchTensor)] = []
    /// Short values beside the tensors, such as `epoch` and `args.backbone`.
    private(set) var metadata: [String: String] = [:]

    let heap: PickleHeap
    private let path: String
    /// Dictionaries without tensors in or below them: a hostile file can reach one in countless ways.
    private var searched: Set<Int> = []

    /// Where training scripts put the model's state dictionary, the plain weights before averaged ones.
    private static let usualKeys = [
        "model", "state_dict", "model_state_dict", "net", "network", "weights", "params", "module",
        "model_ema", "ema", "ema_state_dict", "state_dict_ema", "params_ema",
    ]

    /// What wrappers put before every name: data-parallel training, compilation.
    private static let wrapperPrefixes = ["module.", "_orig_mod."]

    private static let mostNesting = 8

    /// Searches `root`, the value of a file's pickle.
    init(in root: PickleValue, of heap: PickleHeap, path: String) throws {
        self.heap = heap
        self.path = path
        guard let found = try search(root, nesting: 0) else { throw nothingFound(root) }
        for (name, value) in found {
            switch value {
            case .tensor(let index): tensors.append((name, heap.tensors[index]))
            case .object(let index) where Self.isTensorLike(heap.objects[index].name):
                throw CheckpointError.unsupported(
                    path: path,
                    problem: "tensor '\(printable(name))' is made by "
                        + "\(printable(heap.objects[index].name)), which is not read; save it as a "
                        + "plain dense tensor")
            default: break  // counters, settings, extra state
            }
        }
        stripWrappers()
        metadata = settings(root)
    }

    private mutating func search(
        _ value: PickleValue, nesting: Int
    ) throws -> [(name: String, value: PickleValue)]? {
        guard nesting < Self.mostNesting, case .dictionary(let index) = value,
            searched.insert(index).inserted, let items = heap.namedItems(value)
        else { return nil }
        for key in Self.usualKeys {
            if let nested = items.first(where: { $0.name == key })?.value,
                let found = try search(nested, nesting: nesting + 1)
            {
                return found
            }
        }
        if items.contains(where: { isTensor($0.value) }) { return items }
        let candidates = items.filter { item in
            guard case .dictionary(let index) = item.value, searched.insert(index).inserted else {
                return false
            }
            return heap.dictionaries[index].contains { $0.key.string != nil && isTensor($0.value) }
        }
        guard candidates.count <= 1 else {
            let names = candidates.prefix(8).map { printable($0.name) }.joined(separator: ", ")
            throw CheckpointError.unsupported(
                path: path,
                problem:
                    "it holds several dictionaries of tensors (\(names)); save the one that is "
                    + "meant alone")
        }
        return candidates.first.flatMap { heap.namedItems($0.value) }
    }

    private func nothingFound(_ root: PickleValue) -> CheckpointError {
        var values = [root]
        values += (heap.namedItems(root) ?? []).filter { Self.usualKeys.contains($0.name) }
            .map(\.value)
        for case .object(let index) in values {
            return .unsupported(
                path: path,
                problem:
                    "it holds an object of the class \(printable(heap.objects[index].name)), not "
                    + "a state dictionary; in PyTorch, save MODEL.state_dict()")
        }
        return .unsupported(
            path: path,
            problem:
                "it holds \(root.kind) without a dictionary of named tensors; in PyTorch, save "
                + "MODEL.state_dict()")
    }

    private mutating func stripWrappers() {
        while let prefix = Self.wrapperPrefixes.first(where: { prefix in
            tensors.allSatisfy { $0.name.hasPrefix(prefix) && $0.name.count > prefix.count }
        }), !tensors.isEmpty {
            tensors = tensors.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }
        }
    }

    private func isTensor(_ value: PickleValue) -> Bool {
        switch value {
        case .tensor: true
        case .object(let index): Self.isTensorLike(heap.objects[index].name)
        default: false
        }
    }

    /// Whether an inert object stands for data that a plain reader would lose.
    private static func isTensorLike(_ name: String) -> Bool {
        name.hasPrefix("torch._utils.") || name.hasPrefix("torch._tensor.")
            || name.hasPrefix("numpy") && name.hasSuffix("_reconstruct")
    }
}

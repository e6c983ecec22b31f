extension StateDictionary {
    private static let settingsKeys: Set = ["args", "config", "cfg", "opt", "hyper_parameters"]
    private static let mostSettings = 1000

    /// The short values of the outermost dictionary and of the training script's arguments.
    func settings(_ root: PickleValue) -> [String: String] {
        var settings: [String: String] = [:]
        func add(_ name: String, _ value: PickleValue) {
            guard settings.count < Self.mostSettings, !isHarmful(name: name), name.count <= 200,
                let text = text(value)
            else { return }
            settings[name] = text
        }
        for (name, value) in heap.namedItems(root) ?? [] {
            add(name, value)
            guard Self.settingsKeys.contains(name) else { continue }
            var arguments = value
            if case .object(let index) = value {
                arguments = heap.objects[index].state ?? .none
            }
            for (key, value) in heap.namedItems(arguments) ?? [] { add("\(name).\(key)", value) }
        }
        return settings
    }

    /// A scalar, or a short list of scalars, as JSON would write it (strings bare); nil for others.
    private func text(_ value: PickleValue, inList: Bool = false) -> String? {
        switch value {
        case .bool(let value): return "\(value)"
        case .int(let value): return "\(value)"
        case .float(let value): return "\(value)"
        case .string(let value):
            guard value.utf8.count <= (inList ? 100 : 1000) else { return nil }
            return inList ? JSONValue.quoted(value) : value
        case .tuple, .list:
            guard !inList, let elements = heap.elements(value), elements.count <= 64 else {
                return nil
            }
            let texts = elements.compactMap { text($0, inList: true) }
            return texts.count == elements.count ? "[\(texts.joined(separator: ", "))]" : nil
        default: return nil
        }
    }
}

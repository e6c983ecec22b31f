import Checkpoints
import Models

/// What a checkpoint holds, for `segment inspect`.
struct CheckpointSummary: Encodable {
    /// One tensor.
    struct Entry: Encodable {
        let name: String
        let shape: [Int]
        let type: String
        let bytes: Int
    }

    let file: String
    let model: String?
    let tensors: [Entry]
    let metadata: [String: String]
    let elements: Int
    let bytes: Int

    init(_ source: any WeightSource) {
        file = source.origin
        model = Self.model(of: source)
        metadata = source.metadata
        tensors = source.entries.map {
            Entry(
                name: $0.name, shape: $0.shape, type: $0.elementType.rawValue, bytes: $0.byteCount)
        }
        // Element counts of a validated file cannot overflow.
        elements = source.entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
        bytes = source.entries.reduce(0) { $0 + $1.byteCount }
    }

    /// The model's name, or what keeps it from being run.
    private static func model(of source: any WeightSource) -> String? {
        guard ModelFamilies.recognized(in: source) != nil else { return nil }
        do {
            let recipe = try ModelRecipe(for: source)
            guard recipe.isAmbiguous else { return recipe.preset }
            return "\(recipe.preset), or with another forward pass "
                + recipe.alternatives.joined(separator: " or ")
        } catch {
            return "\(error)"
        }
    }

    /// The table that a person reads.
    var lines: [String] {
        var table = TextTable([
            ("tensor", .left), ("shape", .left), ("type", .left), ("bytes", .right),
        ])
        for tensor in tensors {
            table.append([
                Console.printable(tensor.name),
                "[\(tensor.shape.map(String.init).joined(separator: ", "))]", tensor.type,
                "\(tensor.bytes)",
            ])
        }
        var lines = table.lines
        lines.append("")
        lines.append(
            "\(tensors.count) tensors, \(elements) elements, \(ByteCount.words(bytes)) (\(types))")
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            lines.append("metadata \(Console.printable(key)): \(Console.printable(value))")
        }
        lines.append("model: \(model ?? "not recognised")")
        return lines
    }

    /// How many tensors there are of each type: `679 F32, 26 I64`.
    private var types: String {
        Dictionary(grouping: tensors, by: \.type).mapValues(\.count)
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}

/// Sizes as a person says them.
enum ByteCount {
    /// `312 bytes`, `4.2 kB`, `565 MB`, `1.93 GB`, with powers of ten.
    static func words(_ bytes: Int) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 999.5, unit + 1 < units.count {
            value /= 1000
            unit += 1
        }
        if unit == 0 { return "\(bytes) bytes" }
        let places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
        let rounded = value.rounded(toPlaces: places)
        return (places == 0 ? "\(Int(rounded))" : "\(rounded)") + " " + units[unit]
    }
}

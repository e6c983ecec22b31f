import Checkpoints
import Tensor

/// A case of checkpoint files that all hold known tensors: each is read and compared, bit by bit.
struct CheckpointFormatCase {
    private let referenceCase: ReferenceCase

    init(_ referenceCase: ReferenceCase) {
        self.referenceCase = referenceCase
    }

    func verify() throws -> [StageReport] {
        guard let files = referenceCase.config["files"]?.object else {
            throw Failure(.badData, "\(referenceCase.path)/case.json: 'files' is missing")
        }
        return try files.sorted { $0.key < $1.key }.flatMap { try compare($0.key, $0.value) }
    }

    private func compare(_ file: String, _ options: JSONValue) throws -> [StageReport] {
        let source = try openCheckpoint(at: "\(referenceCase.path)/\(file)")
        let strip = options["strip"]?.string ?? ""
        let prefix = options["expected_prefix"]?.string ?? ""
        let expected = referenceCase.tensors.entries.filter { entry in
            prefix.isEmpty ? !entry.name.hasPrefix("stress.") : entry.name.hasPrefix(prefix)
        }
        var names = Dictionary(
            source.entries.map { entry in
                let bare =
                    entry.name.hasPrefix(strip)
                    ? entry.name.dropFirst(strip.count) : entry.name[...]
                return (prefix + bare, entry.name)
            }, uniquingKeysWith: { first, _ in first })
        var reports = try expected.map { entry in
            let label = "\(file): \(entry.name)"
            guard let name = names.removeValue(forKey: entry.name) else {
                return StageReport(name: label, failure: "the file has no such tensor")
            }
            return try compare(label, name, of: source, with: entry)
        }
        reports += names.keys.sorted().map {
            StageReport(name: "\(file): \($0)", failure: "the case has no such tensor")
        }
        return reports
    }

    private func compare(
        _ label: String, _ name: String, of source: any WeightSource, with expected: CheckpointEntry
    ) throws -> StageReport {
        let found = try source.requireEntry(named: name)
        // The case stores a scalar as a list of one.
        guard found.shape == expected.shape || (found.shape.isEmpty && expected.shape == [1]) else {
            return StageReport(
                name: label, failure: "has the shape \(found.shape), expected \(expected.shape)")
        }
        if found.elementType.isInteger {
            let equal =
                try source.integers(name).scalars
                == referenceCase.tensors.integers(expected.name).scalars
            return StageReport(
                name: label, difference: equal ? 0 : 1, standardDeviation: nil, bound: 0)
        }
        // The same count of elements, but not always the same shape: see above.
        let difference = try source.floats(name).reshaped(expected.shape)
            .largestDifference(to: referenceCase.tensors.floats(expected.name))
        return StageReport(name: label, difference: difference, standardDeviation: nil, bound: 0)
    }
}

import ArgumentParser

/// What a run writes.
enum OutputKind: String, CaseIterable {
    case masks
    case soft
    case overlay
    case overlayFrames = "overlay-frames"
    case jsonl
}

/// The value of `--outputs`: kinds with commas between them.
struct OutputSelection: ExpressibleByArgument {
    let kinds: Set<OutputKind>

    init(_ kinds: Set<OutputKind>) {
        self.kinds = kinds
    }

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        let kinds = names.compactMap { OutputKind(rawValue: String($0)) }
        guard !names.isEmpty, kinds.count == names.count else { return nil }
        self.kinds = Set(kinds)
    }

    static var allValueStrings: [String] { OutputKind.allCases.map(\.rawValue) }
}

import ArgumentParser

/// What a run writes.
enum OutputKind: String, CaseIterable {
    case overlay
    case masks
    case soft
    case overlayFrames = "overlay-frames"
    case jsonl

    /// Whether it is a folder of images; the others are files.
    var isFolder: Bool {
        switch self {
        case .masks, .soft, .overlayFrames: true
        case .overlay, .jsonl: false
        }
    }
}

extension Set<OutputKind> {
    /// The kinds that a person typed, with commas between them.
    init(_ text: String) throws {
        let names = text.split(separator: ",", omittingEmptySubsequences: false)
        self = Set(
            try names.map { name in
                guard let kind = OutputKind(rawValue: String(name)) else {
                    let all = OutputKind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("it takes any of \(all), with commas between them")
                }
                return kind
            })
    }
}

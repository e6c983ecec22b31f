/// An error that ends the program: one sentence for the person, and an exit code.
struct Failure: Error, CustomStringConvertible {
    /// What went wrong, by the numbers of `sysexits.h`.
    enum Kind: Int32 {
        case usage = 64
        case badData = 65
        case missingInput = 66
        case unavailable = 69
        case `internal` = 70
        case cannotCreate = 73
        case inputOutput = 74
    }

    let kind: Kind
    let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

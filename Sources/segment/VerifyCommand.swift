import ArgumentParser

/// `segment verify`: every stage of a model against numbers from elsewhere.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare a model, stage by stage, with reference tensors.")
}

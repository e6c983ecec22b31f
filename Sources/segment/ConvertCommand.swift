import ArgumentParser

/// `segment convert`: a checkpoint as safetensors.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Convert a PyTorch checkpoint to safetensors.")
}

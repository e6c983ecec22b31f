extension SeqFormerConfiguration {
    /// The names of the presets, each family's usual one first.
    public static let presetNames = [
        "seqformer-r50", "seqformer-r101", "seqformer-x101", "seqformer-swinl",
        "vnext-seqformer-r50", "vnext-seqformer-r101", "vnext-seqformer-x101",
        "vnext-seqformer-swinl",
    ]

    /// The configuration of a released model, or `nil` for an unknown name.
    ///
    /// - `seqformer-r50`, `-r101`, `-x101`, `-swinl`: the SeqFormer repository's models.
    /// - `vnext-seqformer-r50` and so on: the same networks in VNext, with 40 classes.
    public static func preset(named name: String) -> SeqFormerConfiguration? {
        var configuration = SeqFormerConfiguration()
        var kind = name[...]
        if kind.hasPrefix("vnext-") {
            kind = kind.dropFirst("vnext-".count)
            configuration.release = .vnext
            configuration.classes = 40
        }
        switch kind {
        case "seqformer-r50": configuration.backbone = .resNet50
        case "seqformer-r101": configuration.backbone = .resNet101
        case "seqformer-x101": configuration.backbone = .resNeXt101
        case "seqformer-swinl": configuration.backbone = .swinLarge
        default: return nil
        }
        if configuration.release == .vnext {
            let shortSide = configuration.backbone == .swinLarge ? 480 : 360
            configuration.preprocessing = .detectron2(shortSide: shortSide)
        }
        return configuration
    }
}

extension ModuleCases {
    /// Blocks and stages of the backbones.
    static let backbones: [String: Entry] = [:]
}

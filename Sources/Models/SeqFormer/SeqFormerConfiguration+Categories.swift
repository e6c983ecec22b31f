extension SeqFormerConfiguration {
    /// What the outputs for classes stand for: the categories of YouTube-VIS 2019 where there are as many
    /// outputs as its released models have, else nothing.
    ///
    /// The original release has two outputs without a category, which are named by their numbers.
    public var categories: [Category] {
        let names: [String]
        switch (release, classes) {
        case (.original, 42): names = ["0"] + Self.youTubeVIS2019 + ["41"]
        case (.vnext, 40): names = Self.youTubeVIS2019
        default: return []
        }
        return names.enumerated().map { index, name in
            Category(id: release.category(ofClass: index), name: name)
        }
    }

    /// The categories 1 to 40.
    private static let youTubeVIS2019 = [
        "person", "giant_panda", "lizard", "parrot", "skateboard", "sedan", "ape", "dog", "snake",
        "monkey", "hand", "rabbit", "duck", "cat", "cow", "fish", "train", "horse", "turtle",
        "bear",
        "motorbike", "giraffe", "leopard", "fox", "deer", "owl", "surfboard", "airplane", "truck",
        "zebra", "tiger", "elephant", "snowboard", "boat", "shark", "mouse", "frog", "eagle",
        "earless_seal", "tennis_racket",
    ]
}

import Checkpoints
import Tensor

extension ModuleCases {
    /// What is done to a model's masks.
    static let postProcessing: [String: Entry] = ["crf": crf]

    private static let crf: Entry = { module in
        let image = try module.pixels("image", rank: 3)
        let levels = try module.pixels("logits_u8", rank: 2)
        try module.require("image", image.shape, levels.shape + [3])
        let crf = FullyConnectedCRF(
            height: levels.shape[0], width: levels.shape[1],
            configuration: .init(
                power: try module.number("power", in: 0.01...100),
                smoothness: try module.kernel("gaussian", colour: false),
                appearance: try module.kernel("bilateral", colour: true),
                iterations: try module.option("iterations")))
        let foreground = crf(levels, image: image)
        return [
            "q1": foreground,
            "mask": Tensor(foreground.scalars.map { $0 > 0.5 ? 1 : 0 }, shape: foreground.shape),
        ]
    }
}

extension ModuleCase {
    /// A Gaussian of the configuration.
    fileprivate func kernel(
        _ name: String, colour: Bool
    ) throws -> FullyConnectedCRF.Configuration.Kernel {
        let stored = referenceCase.config[name]
        func value(_ part: String) throws -> Float {
            guard let value = stored?[part]?.double, (0.01...1e4).contains(value) else {
                throw VerificationError.missingOption(
                    name: "\(name).\(part)", path: referenceCase.path)
            }
            return Float(value)
        }
        return .init(
            place: try value("sxy"), colour: colour ? try value("srgb") : nil,
            weight: try value("compat"))
    }
}

/// What is minimised: a loss of pixels and one of regions, on the logits and on maps before them.
public struct LossConfiguration: Sendable, Hashable, Codable {
    /// The loss of single pixels.
    public enum PixelLoss: String, Sendable, Hashable, Codable {
        /// The cross-entropy of a pixel's probability.
        case crossEntropy = "cross_entropy"
        /// The same, with pixels that are right already counting less (Lin et al., 2017).
        case focal
    }

    /// The loss of single pixels.
    public var pixelLoss: PixelLoss = .crossEntropy

    /// Its weight.
    public var pixelWeight: Double = 1

    /// The exponent of a focal loss.
    public var focalExponent: Double = 2

    /// The weight that a focal loss gives to the foreground; the background has the rest.
    public var focalBalance: Double = 0.25

    /// The weight of the dice loss (Milletari et al., 2016), a clip's masks being one region.
    public var diceWeight: Double = 1

    /// The weight of both losses on each auxiliary head: a linear layer on a map of the pixel decoder that
    /// only training has. 0: no such heads.
    public var auxiliaryWeight: Double = 0.3

    /// Cross-entropy and dice.
    public init() {}

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case pixelLoss = "pixel_loss"
        case pixelWeight = "pixel_weight"
        case focalExponent = "focal_exponent"
        case focalBalance = "focal_balance"
        case diceWeight = "dice_weight"
        case auxiliaryWeight = "auxiliary_weight"
    }

    /// Reads what is given over the usual values.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        pixelLoss = try values.decodeIfPresent(PixelLoss.self, forKey: .pixelLoss) ?? pixelLoss
        func read(_ key: CodingKeys, into value: inout Double) throws {
            value = try values.decodeIfPresent(Double.self, forKey: key) ?? value
        }
        try read(.pixelWeight, into: &pixelWeight)
        try read(.focalExponent, into: &focalExponent)
        try read(.focalBalance, into: &focalBalance)
        try read(.diceWeight, into: &diceWeight)
        try read(.auxiliaryWeight, into: &auxiliaryWeight)
    }

    func validate() throws {
        let weights = [
            ("pixel_weight", pixelWeight), ("focal_exponent", focalExponent),
            ("dice_weight", diceWeight), ("auxiliary_weight", auxiliaryWeight),
        ]
        for (option, value) in weights where !(0...1000).contains(value) {
            throw TrainingError.configuration(
                option: "loss.\(option)", found: "\(value)", expected: "0 to 1000")
        }
        guard (0...1).contains(focalBalance) else {
            throw TrainingError.configuration(
                option: "loss.focal_balance", found: "\(focalBalance)", expected: "0 to 1")
        }
        guard pixelWeight + diceWeight > 0 else {
            throw TrainingError.configuration(
                option: "loss", found: "without a pixel and a dice weight",
                expected: "at least one above 0")
        }
    }
}

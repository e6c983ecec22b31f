/// How parameters follow their gradients: AdamW with decoupled weight decay, and limits on a step.
public struct OptimizerConfiguration: Sendable, Hashable, Codable {
    /// The highest rate, that of the schedule's top.
    public var learningRate: Double = 5e-4

    /// The share of the rate that the backbone's parameters move with.
    public var backboneFactor: Double = 0.2

    /// The rate times this is the share of a matrix or kernel that decays in a step; biases and norms do not.
    public var weightDecay: Double = 1e-2

    /// The decay of the mean of the gradients.
    public var beta1: Double = 0.9

    /// The decay of the mean of their squares.
    public var beta2: Double = 0.999

    /// What is added to the deviation that a mean is divided by.
    public var epsilon: Double = 1e-8

    /// The longest gradient, as the norm over all parameters; a longer one is shortened. 0: no limit.
    public var gradientClip: Double = 1

    /// The decay of the moving average of the parameters, which is what is saved as the model; in the first
    /// steps `(1 + step) / (10 + step)` where that is less. 0: no average.
    public var averageDecay: Double = 0.998

    /// The usual values.
    public init() {}

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case learningRate = "learning_rate"
        case backboneFactor = "backbone_factor"
        case weightDecay = "weight_decay"
        case beta1, beta2, epsilon
        case gradientClip = "gradient_clip"
        case averageDecay = "average_decay"
    }

    /// Reads what is given over the usual values.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read(_ key: CodingKeys, into value: inout Double) throws {
            value = try values.decodeIfPresent(Double.self, forKey: key) ?? value
        }
        try read(.learningRate, into: &learningRate)
        try read(.backboneFactor, into: &backboneFactor)
        try read(.weightDecay, into: &weightDecay)
        try read(.beta1, into: &beta1)
        try read(.beta2, into: &beta2)
        try read(.epsilon, into: &epsilon)
        try read(.gradientClip, into: &gradientClip)
        try read(.averageDecay, into: &averageDecay)
    }

    func validate() throws {
        func require(_ condition: Bool, _ option: String, _ found: Double, _ expected: String)
            throws
        {
            guard condition else {
                throw TrainingError.configuration(
                    option: "optimizer.\(option)", found: "\(found)", expected: expected)
            }
        }
        try require(
            learningRate > 0 && learningRate < 1, "learning_rate", learningRate, "above 0, below 1")
        try require(
            (0...1).contains(backboneFactor), "backbone_factor", backboneFactor, "0 to 1")
        try require((0..<1).contains(weightDecay), "weight_decay", weightDecay, "0 to below 1")
        try require((0..<1).contains(beta1), "beta1", beta1, "0 to below 1")
        try require((0..<1).contains(beta2), "beta2", beta2, "0 to below 1")
        try require(epsilon > 0 && epsilon < 1, "epsilon", epsilon, "above 0, below 1")
        try require(
            gradientClip >= 0 && gradientClip.isFinite, "gradient_clip", gradientClip, "0 or more")
        try require((0..<1).contains(averageDecay), "average_decay", averageDecay, "0 to below 1")
    }
}

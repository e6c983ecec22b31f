import Foundation
import Models

/// All that decides how a model is trained, as a JSON file says it. Every key is optional.
public struct TrainingRecipe: Sendable, Codable {
    /// The preset of the model that is trained.
    public var model = "medvt-lite"

    /// How many steps are taken.
    public var steps = 4000

    /// How many clips a step averages the gradients of.
    public var clipsPerStep = 2

    /// What all chance comes from: initial values, the order of the data, augmentation.
    public var seed: UInt64 = 1

    /// After how many steps the state is saved.
    public var checkpointInterval = 100

    /// After how many steps the model is scored on the validation data, where there is any. 0: only at the end.
    public var validationInterval = 500

    /// How parameters follow their gradients.
    public var optimizer = OptimizerConfiguration()

    /// How the learning rate changes.
    public var schedule = LearningRateSchedule()

    /// What is minimised.
    public var loss = LossConfiguration()

    /// Where clips come from and how they are varied.
    public var data = DataConfiguration()

    /// The usual recipe.
    public init() {}

    /// The recipe as it stands in a file, with all its values.
    public var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// The sizes and options of the model.
    ///
    /// - Throws: ``TrainingError`` for an unknown name.
    public var configuration: any ModelConfiguration {
        get throws {
            guard let configuration = ModelFamilies.preset(named: model) else {
                throw TrainingError.configuration(
                    option: "model", found: "'\(model)'",
                    expected: "one of \(ModelFamilies.presetNames.joined(separator: ", "))")
            }
            return configuration
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case model, steps
        case clipsPerStep = "clips_per_step"
        case seed
        case checkpointInterval = "checkpoint_interval"
        case validationInterval = "validation_interval"
        case optimizer, schedule, loss, data
    }

    /// Reads what is given over the usual values.
    ///
    /// - Throws: `DecodingError` for a value of the wrong kind, ``TrainingError`` for a value or a key that
    ///   cannot be.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.model, into: &model)
        try read(.steps, into: &steps)
        try read(.clipsPerStep, into: &clipsPerStep)
        try read(.seed, into: &seed)
        try read(.checkpointInterval, into: &checkpointInterval)
        try read(.validationInterval, into: &validationInterval)
        try read(.optimizer, into: &optimizer)
        try read(.schedule, into: &schedule)
        try read(.loss, into: &loss)
        try read(.data, into: &data)
        try validate()
    }

    private func validate() throws {
        func require(_ range: ClosedRange<Int>, _ option: CodingKeys, _ value: Int) throws {
            guard range.contains(value) else {
                throw TrainingError.configuration(
                    option: option.rawValue, found: "\(value)",
                    expected: "\(range.lowerBound) to \(range.upperBound)")
            }
        }
        _ = try configuration
        try require(1...100_000_000, .steps, steps)
        try require(1...1024, .clipsPerStep, clipsPerStep)
        try require(1...1_000_000, .checkpointInterval, checkpointInterval)
        try require(0...1_000_000, .validationInterval, validationInterval)
        try optimizer.validate()
        try schedule.validate()
        try loss.validate()
    }
}

extension TrainingRecipe {
    /// The first key in which a run by the other recipe would have given other parameters; `nil` where none
    /// does. How often states are saved and scored changes nothing.
    func difference(from other: TrainingRecipe) -> String? {
        func text(_ value: some Encodable) -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let pairs: [(key: CodingKeys, isSame: Bool)] = [
            (.model, model == other.model), (.steps, steps == other.steps),
            (.clipsPerStep, clipsPerStep == other.clipsPerStep), (.seed, seed == other.seed),
            (.optimizer, optimizer == other.optimizer), (.schedule, schedule == other.schedule),
            (.loss, loss == other.loss), (.data, text(data) == text(other.data)),
        ]
        return pairs.first { !$0.isSame }?.key.rawValue
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The share of the highest learning rate that each step has: a linear rise, then a fall.
public struct LearningRateSchedule: Sendable, Hashable, Codable {
    /// The form of the fall.
    public enum Fall: String, Sendable, Hashable, Codable {
        /// Half a period of a cosine (Loshchilov and Hutter, 2017).
        case cosine
        /// `(1 - progress) ^ power`.
        case polynomial
        /// None.
        case constant
    }

    /// The form of the fall.
    public var fall: Fall = .cosine

    /// How many steps the rise takes.
    public var warmupSteps = 100

    /// The exponent of a polynomial fall.
    public var power: Double = 0.9

    /// The share of the highest rate at the end.
    public var lowest: Double = 0.01

    /// A cosine after a short rise.
    public init() {}

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case fall
        case warmupSteps = "warmup_steps"
        case power, lowest
    }

    /// Reads what is given over the usual values.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        fall = try values.decodeIfPresent(Fall.self, forKey: .fall) ?? fall
        warmupSteps = try values.decodeIfPresent(Int.self, forKey: .warmupSteps) ?? warmupSteps
        power = try values.decodeIfPresent(Double.self, forKey: .power) ?? power
        lowest = try values.decodeIfPresent(Double.self, forKey: .lowest) ?? lowest
    }

    /// The factor of the highest rate in step `step` (from 0) of `steps`.
    public func factor(step: Int, of steps: Int) -> Double {
        if step < warmupSteps { return Double(step + 1) / Double(warmupSteps) }
        let length = max(1, steps - warmupSteps)
        let progress = min(1, Double(step - warmupSteps) / Double(length))
        let height =
            switch fall {
            case .cosine: 0.5 * (1 + cos(.pi * progress))
            case .polynomial: pow(1 - progress, power)
            case .constant: 1.0
            }
        return lowest + (1 - lowest) * height
    }

    func validate() throws {
        guard warmupSteps >= 0 else {
            throw TrainingError.configuration(
                option: "schedule.warmup_steps", found: "\(warmupSteps)", expected: "0 or more")
        }
        guard (0...1).contains(lowest) else {
            throw TrainingError.configuration(
                option: "schedule.lowest", found: "\(lowest)", expected: "0 to 1")
        }
        guard power > 0, power <= 10 else {
            throw TrainingError.configuration(
                option: "schedule.power", found: "\(power)", expected: "above 0, at most 10")
        }
    }
}

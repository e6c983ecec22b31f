import Foundation
import Testing
import Training

@Suite struct LearningRateScheduleTests {
    /// Computed by hand from the formulas; the arithmetic is in double precision.
    @Test(arguments: [
        ("cosine", 0, 0.1), ("cosine", 9, 1.0), ("cosine", 10, 1.0), ("cosine", 60, 0.505),
        ("cosine", 110, 0.01), ("cosine", 500, 0.01),
        ("polynomial", 60, 0.01 + 0.99 * 0.25), ("polynomial", 110, 0.01),
        ("constant", 60, 1.0),
    ])
    func factors(fall: String, step: Int, expected: Double) throws {
        let text = "{\"fall\": \"\(fall)\", \"warmup_steps\": 10, \"power\": 2}"
        let schedule = try JSONDecoder().decode(
            LearningRateSchedule.self, from: Data(text.utf8))
        #expect(abs(schedule.factor(step: step, of: 110) - expected) < 1e-12)
    }
}

import Checkpoints
import Testing

@Suite struct SyntheticWeightsTests {
    @Test func valuesFollowTheRule() throws {
        let weights = try SyntheticWeights([
            .init(name: "a.weight", shape: [2, 2], base: 0, scale: 1)
        ])
        // The check values of the rule's definition; equal to the last printed digit.
        #expect(
            try weights.floats("a.weight").scalars
                == [0.34106362, -0.54166114, 0.8066677, 0.9545592])
    }

    @Test func prefixIsHashedButStripped() throws {
        let weights = try SyntheticWeights(
            [.init(name: "dev.a.weight", shape: [4], base: 1, scale: 0.5)], prefix: "dev.")
        let plain = try SyntheticWeights([
            .init(name: "dev.a.weight", shape: [4], base: 1, scale: 0.5)
        ])
        #expect(weights.entries.map(\.name) == ["a.weight"])
        #expect(try weights.floats("a.weight") == plain.floats("dev.a.weight"))
    }

    @Test func theirSizeIsBounded() throws {
        let error = #expect(throws: CheckpointError.self) {
            try SyntheticWeights(
                (0..<3).map {
                    .init(name: "\($0)", shape: [1 << 15, 1 << 15], base: 0, scale: 1)
                })
        }
        #expect(error?.description.contains("more than 8 GB") ?? false)
    }

    @Test func aliasesAreTheSameTensor() throws {
        let weights = try SyntheticWeights(
            [.init(name: "box.0.weight", shape: [3], base: 0, scale: 1)],
            aliases: ["decoder.box.": "box."])
        #expect(try weights.floats("decoder.box.0.weight") == weights.floats("box.0.weight"))
        #expect(weights.entry(named: "decoder.box.1.weight") == nil)
    }
}

import Models
import Tensor
import TestSupport
import Testing

/// Videos in memory, through the sessions of both kinds of models.
@Suite struct VideoSegmentationTests {
    private static func frames(_ count: Int) -> [Tensor<UInt8>] {
        (0..<count).map { Tensor<UInt8>(repeating: UInt8($0 * 30), shape: [40, 60, 3]) }
    }

    private static func model(_ name: String) throws -> any SegmentationModel {
        let preset = try #require(ModelFamilies.preset(named: name))
        return try MadeUpWeights.model(preset, name: name)
    }

    @Test(arguments: [1, 8]) func aModelOfPixelsPredictsEachFrame(count: Int) throws {
        var options = SessionOptions()
        options.preprocessing = Preprocessing(sizing: .fixed(height: 32, width: 48))
        let result = try Self.model("avos-resnet101")
            .segment(Self.frames(count), options: options)
        #expect(result.instances == nil)
        #expect(result.predictions.count == count)
        for case .foreground(let probability) in result.predictions {
            #expect(probability.shape == [40, 60])
        }
    }

    @Test func aModelOfObjectsGivesThemAtTheEnd() throws {
        var options = SessionOptions()
        options.preprocessing = Preprocessing(sizing: .fixed(height: 32, width: 48))
        let result = try Self.model("seqformer-r50")
            .segment(Self.frames(3), options: options)
        let instances = try #require(result.instances)
        #expect(result.predictions.isEmpty)
        #expect(instances.frameCount == 3)
        #expect(instances.tracks.allSatisfy { $0.masks.count == 3 })
    }

    @Test func noFramesGiveNothing() throws {
        let result = try Self.model("seqformer-r50").segment([])
        #expect(result.predictions.isEmpty && result.instances == nil)
    }
}

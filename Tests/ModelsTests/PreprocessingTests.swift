import Foundation
import Models
import Tensor
import TestSupport
import Testing

/// Sizes, normalisation and padding of the two releases of SeqFormer: exact.
@Suite struct PreprocessingTests {
    /// Height, width, short side, longest long side; what detectron2's `ResizeShortestEdge` makes of them.
    @Test(arguments: [
        [720, 1280, 360, 1333, 360, 640], [1280, 720, 480, 1333, 853, 480],
        [480, 854, 480, 1333, 480, 854], [101, 150, 70, 1333, 70, 104],
        [300, 2000, 360, 1333, 200, 1333], [2000, 300, 480, 1333, 1333, 200],
        [37, 53, 64, 1333, 64, 92], [241, 241, 480, 1333, 480, 480],
        [719, 1283, 360, 1333, 360, 642], [35, 1000, 16, 1333, 16, 457],
    ])
    func shortestEdge(row: [Int]) {
        let preprocessing = Preprocessing(sizing: .shortestEdge(row[2], longSide: row[3]))
        let size = preprocessing.inputSize(height: row[0], width: row[1])
        #expect([size.height, size.width] == Array(row[4...]))
    }

    /// Height, width, short side; what torchvision's `Resize` makes of them.
    @Test(arguments: [
        [720, 1280, 360, 360, 640], [480, 854, 360, 360, 640], [360, 640, 360, 360, 640],
        [719, 1283, 360, 360, 642], [80, 122, 50, 50, 76], [300, 2000, 360, 360, 2400],
        [241, 241, 360, 360, 360], [1000, 35, 360, 10285, 360],
    ])
    func shortSideWithoutLimit(row: [Int]) throws {
        let preset = try #require(SeqFormerConfiguration.preset(named: "seqformer-r50"))
        var preprocessing = preset.preprocessing
        guard case .shortSide(360, let longSide) = preprocessing.sizing else {
            Issue.record("\(preprocessing.sizing) is not a short side of 360")
            return
        }
        preprocessing.sizing = .shortSide(row[2], longSide: longSide)
        let size = preprocessing.inputSize(height: row[0], width: row[1])
        #expect([size.height, size.width] == Array(row[3...]))
        #expect(preprocessing.paddingMask(height: row[0], width: row[1]) == nil)
    }

    @Test func padding() throws {
        let preprocessing = Preprocessing.detectron2(shortSide: 40)
        var random = SeededRandom(1)
        let frame = Tensor<UInt8>(
            random.tensor([45, 50, 3], in: 0...255).scalars.map { UInt8($0) }, shape: [45, 50, 3])
        let size = preprocessing.inputSize(height: 45, width: 50)
        #expect(size == (40, 44))
        let input = preprocessing(frame)
        #expect(input.shape == [64, 64, 3])
        let mask = try #require(preprocessing.paddingMask(height: 45, width: 50))
        #expect(mask.shape == [64, 64])
        let resized = resizedPillow(frame, height: 40, width: 44)
        for row in 0..<64 {
            for column in 0..<64 {
                let isPadding = row >= 40 || column >= 44
                #expect(mask[[row, column]] == isPadding)
                for channel in 0..<3 {
                    let expected =
                        isPadding
                        ? 0
                        : (Float(resized[[row, column, channel]])
                            - preprocessing.mean[channel])
                            / preprocessing.standardDeviation[channel]
                    #expect(input[[row, column, channel]] == expected)
                }
            }
        }
    }

    /// Options of a checkpoint that was written before there were paddings and ranges.
    @Test func oldOptions() throws {
        let old = """
            {"sizing": {"fixed": {"height": 320, "width": 480}}, "mean": [0, 0, 0],
             "standardDeviation": [1, 1, 1]}
            """
        let read = try JSONDecoder().decode(Preprocessing.self, from: Data(old.utf8))
        #expect(read.sizeDivisor == 1)
        #expect(read.pixelRange == 255)
        #expect(read.mean == [0, 0, 0])
        for preprocessing in [read, .detectron2(shortSide: 480)] {
            let text = try JSONEncoder().encode(preprocessing)
            #expect(try JSONDecoder().decode(Preprocessing.self, from: text) == preprocessing)
        }
    }
}

import Foundation
import Media
import Tensor
import Testing

@Suite("Outputs")
struct OutputTests {
    @Test("Soft masks cut 255 times the probability to a whole number; odd values do not trap")
    func softMasks() {
        let probabilities: [Float] = [
            0, 1, 0.5, 0.999, 0.00391, 0.0039216, -3, 7, .nan, .infinity, -.infinity,
        ]
        let mask = softMask(Tensor(probabilities, shape: [1, 11]))
        #expect(mask.shape == [1, 11])
        #expect(mask.scalars == [0, 255, 127, 254, 0, 1, 0, 255, 0, 255, 0])
    }

    @Test("An overlay mixes inside, draws the contour and leaves the background")
    func overlay() {
        let image = Tensor<UInt8>(repeating: 100, shape: [9, 12, 3])
        var labels = Tensor<UInt8>(zeros: [9, 12])
        for row in 2..<9 { for column in 3..<10 { labels[[row, column]] = 1 } }
        let painted = Overlay(contourWidth: 1).painted(labels, over: image)
        #expect(painted[[0, 0, 0]] == 100 && painted[[5, 2, 1]] == 100)
        // Half of (128, 0, 0) and half of 100.
        #expect(painted[5][6].scalars == [114, 50, 50])
        // The contour is the bright hue with a quarter of white, also at a corner.
        #expect(painted[2][3].scalars == [255, 63, 63])
        #expect(painted[5][9].scalars == [255, 63, 63])
        // The image's border is no contour.
        #expect(painted[8][6].scalars == [114, 50, 50])
        let none = Overlay(opacity: 0, contourWidth: 0).painted(labels, over: image)
        #expect(none == image)
        let full = Overlay(opacity: 1, contourWidth: 0).painted(labels, over: image)
        #expect(full[5][6].scalars == [128, 0, 0])
    }

    @Test("Touching objects have a contour between them")
    func touching() {
        let labels = Tensor<UInt8>([1, 1, 1, 2, 2, 2], shape: [1, 6])
        let image = Tensor<UInt8>(zeros: [1, 6, 3])
        let painted = Overlay(contourWidth: 1).painted(labels, over: image)
        #expect(painted[0][2].scalars == [255, 63, 63])
        #expect(painted[0][3].scalars == [63, 255, 63])
        #expect(painted[0][0].scalars == [64, 0, 0])
    }

    @Test("Files appear whole, or not at all")
    func atomicFiles() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("result.jsonl")
        let writer = try JSONLinesWriter(path)
        try writer.append(["b": "x/\"\n\u{1}ü", "a": "1"])
        try writer.append([Int]())
        #expect(try folder.names.count == 1)
        #expect(try !folder.names.contains("result.jsonl"))
        try writer.finish()
        #expect(try folder.names == ["result.jsonl"])
        #expect(
            try String(contentsOfFile: path, encoding: .utf8) == #"{"a":"1","b":"x/\"\n\u0001ü"}"#
                + "\n[]\n")

        do {
            let abandoned = try JSONLinesWriter(folder.file("other.jsonl"))
            try abandoned.append(1)
        }
        #expect(try folder.names == ["result.jsonl"])

        try ImageFile.write(indices: Tensor(zeros: [2, 2]), to: folder.file("mask.png"))
        try ImageFile.write(gray: Tensor(zeros: [2, 2]), to: folder.file("mask.png"))
        try ImageFile.write(rgb: plain(3), to: folder.file("image.png"))
        #expect(try folder.names == ["image.png", "mask.png", "result.jsonl"])
        #expect(try ImageFile.readMask(folder.file("mask.png")).shape == [2, 2])
    }

    @Test("What cannot be written says why")
    func unwritable() async throws {
        let folder = try TemporaryFolder()
        await expectError(.cannotWrite, saying: "its folder does not exist") {
            try ImageFile.write(rgb: plain(1), to: folder.file("missing/a.png"))
        }
        await expectError(.cannotWrite, saying: "names a folder") {
            try ImageFile.write(rgb: plain(1), to: folder.path + "/")
        }
        await expectError(.cannotWrite, saying: "cannot be written") {
            try ImageFile.write(rgb: plain(1), to: folder.path)
        }
        await expectError(.cannotWrite, saying: "cannot be written") {
            try ImageFile.write(rgb: plain(1), to: folder.write("file", [1]) + "/a.png")
        }
        #expect(try folder.names == ["file"])
    }
}

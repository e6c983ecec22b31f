import Checkpoints
import Foundation
import Media
import Models
import Testing

/// The weights that come with the project, on the clip that comes with it.
@Suite struct ShippedWeightsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let weights = "\(root)/Weights/medvt-lite.safetensors"

    /// Small enough to be downloaded without a thought, and what its card says.
    @Test func areSmallAndWhole() throws {
        let size = try FileManager.default.attributesOfItem(atPath: Self.weights)[.size] as? Int
        #expect(try #require(size) < 25_000_000)
        let source = try openCheckpoint(at: Self.weights)
        #expect(source.entries.reduce(0) { $0 + $1.shape.reduce(1, *) } < 10_000_000)
        let recipe = try ModelRecipe(for: source)
        #expect(recipe.preset == "medvt-lite" && recipe.isDecided)
        #expect(try recipe.model(from: source).report.isComplete)
    }

    /// In the demo's clip the rabbit's body is foreground and the sky is not. The boxes were drawn by hand, well
    /// inside both.
    @Test func findTheRabbit() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/ffmpeg") else { return }
        let process = try SegmentProcess()
        let outcome = try process.run([
            "\(Self.root)/Examples/bigbuckbunny.mp4", "--weights", Self.weights, "--from", "40",
            "--to", "48", "-o", "out", "--outputs", "masks",
        ])
        #expect(outcome.code == 0)
        let mask = try ImageFile.readMask(process.folder.path("out/masks/00044.png"))
        #expect(mask.shape == [270, 480])
        func share(rows: Range<Int>, columns: Range<Int>) -> Double {
            let box = mask.sliced(axis: 0, rows).sliced(axis: 1, columns).scalars
            return Double(box.count { $0 != 0 }) / Double(box.count)
        }
        #expect(share(rows: 120..<220, columns: 140..<190) > 0.95)
        #expect(share(rows: 40..<120, columns: 320..<480) < 0.02)
    }
}

import Foundation
import Media
import Models
import Testing
import Training

/// What a person can get wrong with a folder of training data.
@Suite struct TrainingDataErrorTests {
    private func problem(
        _ folder: DataFolder, _ change: (inout DataConfiguration) -> Void = { _ in }
    ) -> String {
        var configuration = DataConfiguration.small
        change(&configuration)
        do {
            let data = try TrainingData(
                root: folder.path, configuration, preprocessing: Preprocessing(shortSide: 64),
                frames: 4, seed: 1)
            for step in 0..<4 { _ = try data.clip(step: step, index: 0) }
            return ""
        } catch let error as TrainingError {
            return error.description
        } catch let error as MediaError {
            return error.description
        } catch {
            return "untyped: \(error)"
        }
    }

    @Test func missingFolders() throws {
        let folder = try DataFolder()
        #expect(problem(folder).contains("no folder in it holds"))
        #expect(
            problem(folder) { $0.sources = [.init(path: "videos")] }.contains("no such folder"))
        try folder.write([], to: "videos/JPEGImages/swan/notes.txt")
        try folder.write([], to: "videos/Annotations/swan/notes.txt")
        #expect(problem(folder).contains("swan: there is no JPEG or PNG picture in it"))
    }

    @Test func missingMask() throws {
        let folder = try DataFolder()
        try folder.addVideo("swan", in: "videos", frames: 4)
        try folder.remove("videos/Annotations/swan/10002.png")
        #expect(problem(folder).contains("10002.png is missing"))
    }

    @Test func maskOfAnotherSize() throws {
        let folder = try DataFolder()
        try folder.addStill("a", in: "stills", maskWidth: 90)
        let text = problem(folder)
        #expect(text.contains("the mask is 90x64, its picture 96x64"))
    }

    @Test func unreadableFile() throws {
        let folder = try DataFolder()
        try folder.addStill("a", in: "stills")
        try folder.write(Array("no picture".utf8), to: "stills/images/a.png")
        #expect(problem(folder).contains("a.png"))
    }

    @Test func noObjectAnywhere() throws {
        let folder = try DataFolder()
        for name in ["a", "b"] { try folder.addStill(name, in: "stills", object: 0) }
        #expect(problem(folder).contains("there was no object"))
        let other = try DataFolder()
        try other.addVideo("swan", in: "videos", frames: 4, object: 3)
        #expect(problem(other) { $0.object = 4 }.contains("object 4"))
        #expect(problem(other) { $0.object = 3 }.isEmpty)
    }

    @Test(arguments: [
        (#"{"height": 5}"#, "height"), (#"{"pasting": 2}"#, "pasting"),
        (#"{"object": 0}"#, "object"),
        (#"{"occlusions": 0.5}"#, "occlusions"), (#"{"zoom": [2, 1]}"#, "zoom"),
        (#"{"sources": [{"path": "a", "weight": -1}]}"#, "sources"),
    ])
    func badOptions(json: String, option: String) {
        #expect {
            try JSONDecoder().decode(DataConfiguration.self, from: Data(json.utf8))
        } throws: { "\($0)".contains(option) && $0 is TrainingError }
    }

    @Test func absentKeysAreUsual() throws {
        let read = try JSONDecoder().decode(DataConfiguration.self, from: Data("{}".utf8))
        #expect(read == DataConfiguration())
        let all = try JSONEncoder().encode(DataConfiguration.small)
        #expect(try JSONDecoder().decode(DataConfiguration.self, from: all) == .small)
    }
}

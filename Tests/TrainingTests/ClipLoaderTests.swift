import Models
import Testing
import Training

@Suite struct ClipLoaderTests {
    private func data(_ folder: DataFolder) throws -> TrainingData {
        try TrainingData(
            root: folder.path, .small, preprocessing: Preprocessing(shortSide: 64), frames: 2,
            seed: 5)
    }

    /// The clips of a run that is continued at step 7, in order; what was made ahead is dropped.
    @Test(arguments: [0, 1, 6])
    func givesTheClipsOfTheSteps(steps: Int) throws {
        let folder = try DataFolder()
        try folder.addVideo("swan", in: "videos", frames: 6)
        let data = try data(folder)
        let loader = ClipLoader(data, clipsPerStep: 2, firstStep: 7)
        for step in 7..<7 + steps {
            let clips = try loader.next()
            #expect(clips.count == 2)
            for (index, clip) in clips.enumerated() {
                let expected = try data.clip(step: step, index: index)
                #expect(clip.frames == expected.frames && clip.masks == expected.masks)
            }
        }
    }

    @Test func handsErrorsOn() throws {
        let folder = try DataFolder()
        try folder.addStill("a", in: "stills", maskWidth: 90)
        let loader = ClipLoader(try data(folder), clipsPerStep: 1, firstStep: 0)
        #expect(throws: TrainingError.self) { try loader.next() }
    }
}

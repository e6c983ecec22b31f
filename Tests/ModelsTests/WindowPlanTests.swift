import Models
import Testing

@Suite struct WindowPlanTests {
    @Test(arguments: 1...40, [1, 2, 5, 6, 8])
    func everyFrameIsKeptOnceInOrder(frameCount: Int, clipLength: Int) {
        for layout in [
            WindowLayout.sideBySide(length: clipLength), .aroundEachFrame(length: clipLength),
        ] {
            let plan = WindowPlan(frameCount: frameCount, layout: layout)
            #expect(plan.flatMap(\.kept).map(\.frame) == Array(0..<frameCount))
            for window in plan {
                #expect(window.frames.count == clipLength)
                #expect(window.frames.allSatisfy { (0..<frameCount).contains($0) })
                for kept in window.kept { #expect(window.frames[kept.position] == kept.frame) }
            }
        }
    }

    /// Windows that reach over others keep each frame once too, by rising index in each, and hold frames at equal distances: those
    /// asked for where the video is long enough, else the largest there are.
    @Test(arguments: 1...60, [(4, 6), (4, 2), (5, 3), (1, 4), (2, 7)])
    func everyFrameIsKeptOnceByStridingWindows(frameCount: Int, sizes: (Int, Int)) {
        let (length, stride) = sizes
        let plan = WindowPlan(
            frameCount: frameCount, layout: .sideBySide(length: length, stride: stride))
        #expect(plan.flatMap(\.kept).map(\.frame).sorted() == Array(0..<frameCount))
        for window in plan {
            #expect(window.frames.count == length)
            #expect(!window.kept.isEmpty)
            for kept in window.kept { #expect(window.frames[kept.position] == kept.frame) }
            guard frameCount >= length else { continue }
            let steps = zip(window.frames.dropFirst(), window.frames).map { $0 - $1 }
            #expect(steps.allSatisfy { $0 == min(stride, frameCount / length) })
        }
    }

    @Test func theLastRunIsAlignedToTheEnd() {
        let plan = WindowPlan(frameCount: 14, layout: .sideBySide(length: 3, stride: 4))
        #expect(
            plan.map(\.frames) == [
                [0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11], [4, 8, 12], [5, 9, 13],
            ])
        #expect(plan.suffix(2).map { $0.kept.map(\.frame) } == [[12], [13]])
    }

    @Test func lastWindowIsAlignedToTheEnd() {
        let plan = WindowPlan(frameCount: 14, layout: .sideBySide(length: 6))
        #expect(plan.count == 3)
        #expect(plan[1].frames == Array(6..<12))
        #expect(plan[2].frames == Array(8..<14))
        #expect(plan[2].kept.map(\.position) == [4, 5])
    }

    @Test func aShortVideoIsRepeated() {
        let plan = WindowPlan(frameCount: 4, layout: .sideBySide(length: 6))
        #expect(plan.count == 1)
        #expect(plan[0].frames == [0, 1, 2, 3, 0, 1])
        #expect(plan[0].kept.map(\.position) == [0, 1, 2, 3])
    }

    /// Where a short video makes a frame occur twice, the official code keeps its first occurrence.
    @Test func theFirstOccurrenceIsKept() {
        let plan = WindowPlan(frameCount: 3, layout: .aroundEachFrame(length: 6))
        #expect(plan[1].frames == [1, 2, 0, 1, 2, 0])
        #expect(plan[1].kept == [.init(position: 0, frame: 1)])
    }

    @Test func noFramesMeanNoWindows() {
        for layout in [
            WindowLayout.sideBySide(length: 6), .aroundEachFrame(length: 6),
            .sliding(length: 5, stride: 1), .whole,
        ] {
            #expect(WindowPlan(frameCount: 0, layout: layout).isEmpty)
        }
    }

    /// What the official code of clip matching does: clips begin at 0, stride, 2 * stride, ...; the first one
    /// that would reach or pass the end is moved back to it and ends the video.
    @Test(arguments: 1...23, [1, 2, 3, 5])
    func slidingClipsAreThoseOfTheOfficialCode(frameCount: Int, stride: Int) {
        let length = 5
        var expected: [[Int]] = []
        var start = 0
        while true {
            guard start + length < frameCount else {
                expected.append(Array(max(0, frameCount - length)..<frameCount))
                break
            }
            expected.append(Array(start..<start + length))
            start += stride
        }
        let plan = WindowPlan(
            frameCount: frameCount, layout: .sliding(length: length, stride: stride))
        #expect(plan.map(\.frames) == expected)
        #expect(plan.flatMap(\.kept).map(\.frame) == Array(0..<frameCount))
        for window in plan {
            for kept in window.kept { #expect(window.frames[kept.position] == kept.frame) }
        }
    }

    @Test func theWholeVideoIsOneWindow() {
        let plan = WindowPlan(frameCount: 4, layout: .whole)
        #expect(plan.map(\.frames) == [[0, 1, 2, 3]])
        #expect(plan[0].kept.map(\.frame) == [0, 1, 2, 3])
    }
}

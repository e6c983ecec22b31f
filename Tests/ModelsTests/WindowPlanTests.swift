import Models
import Testing

@Suite struct WindowPlanTests {
    @Test(arguments: 1...40, [1, 2, 5, 6, 8])
    func everyFrameIsKeptOnceInOrder(frameCount: Int, clipLength: Int) {
        for windowProtocol in WindowProtocol.allCases {
            let plan = WindowPlan(
                frameCount: frameCount, clipLength: clipLength, windowProtocol: windowProtocol)
            #expect(plan.flatMap(\.kept).map(\.frame) == Array(0..<frameCount))
            for window in plan {
                #expect(window.frames.count == clipLength)
                #expect(window.frames.allSatisfy { (0..<frameCount).contains($0) })
                for kept in window.kept { #expect(window.frames[kept.position] == kept.frame) }
            }
        }
    }

    @Test func lastWindowIsAlignedToTheEnd() {
        let plan = WindowPlan(frameCount: 14, clipLength: 6, windowProtocol: .once)
        #expect(plan.count == 3)
        #expect(plan[1].frames == Array(6..<12))
        #expect(plan[2].frames == Array(8..<14))
        #expect(plan[2].kept.map(\.position) == [4, 5])
    }

    @Test func aShortVideoIsRepeated() {
        let plan = WindowPlan(frameCount: 4, clipLength: 6, windowProtocol: .once)
        #expect(plan.count == 1)
        #expect(plan[0].frames == [0, 1, 2, 3, 0, 1])
        #expect(plan[0].kept.map(\.position) == [0, 1, 2, 3])
    }

    /// Where a short video makes a frame occur twice, the official code keeps its first occurrence.
    @Test func theFirstOccurrenceIsKept() {
        let plan = WindowPlan(frameCount: 3, clipLength: 6, windowProtocol: .official)
        #expect(plan[1].frames == [1, 2, 0, 1, 2, 0])
        #expect(plan[1].kept == [.init(position: 0, frame: 1)])
    }

    @Test func noFramesMeanNoWindows() {
        for windowProtocol in WindowProtocol.allCases {
            #expect(
                WindowPlan(frameCount: 0, clipLength: 6, windowProtocol: windowProtocol).isEmpty)
        }
    }
}

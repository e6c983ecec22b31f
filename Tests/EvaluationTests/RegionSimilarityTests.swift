import Evaluation
import Tensor
import Testing

@Suite struct RegionSimilarityTests {
    @Test func emptyMasksAgree() {
        let empty = BitMask(height: 1, width: 2)
        #expect(regionSimilarity(empty, empty) == 1)
    }
}

import Evaluation
import Tensor
import Testing

@Suite struct RegionSimilarityTests {
    @Test func emptyMasksAgree() {
        let empty = Tensor([false, false], shape: [1, 2])
        #expect(regionSimilarity(empty, empty) == 1)
    }
}

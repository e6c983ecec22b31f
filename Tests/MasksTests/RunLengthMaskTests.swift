import Masks
import Tensor
import Testing

@Suite struct RunLengthMaskTests {
    @Test func columnsAreReadFirst() {
        let mask = RunLengthMask(Tensor([false, true, true, true], shape: [2, 2]))
        #expect(mask.counts == [1, 3])
        #expect(mask.area == 3)
        #expect(mask.bitmap.scalars == [false, true, true, true])
    }
}

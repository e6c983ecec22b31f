import Tensor
import TestSupport
import Testing

@Suite struct MaxPoolTests {
    /// Exact: a maximum rounds nothing.
    @Test(arguments: [1, 8, 19], [(3, 2, 1), (2, 2, 0), (3, 1, 1), (4, 3, 2)])
    func matchesPlainPooling(channels: Int, window: (kernelSize: Int, stride: Int, padding: Int)) {
        var random = SeededRandom(UInt64(channels))
        let x = random.tensor([2, 7, 10, channels], in: -5...(-1))
        let fast = maxPool2d(
            x, kernelSize: window.kernelSize, stride: window.stride, padding: window.padding)
        #expect(
            fast
                == Naive.maxPool(
                    x, kernelSize: window.kernelSize, stride: window.stride,
                    padding: window.padding))
    }
}

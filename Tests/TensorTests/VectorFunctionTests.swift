import Foundation
import Kernels
import Testing

@Suite struct VectorFunctionTests {
    private func value(_ function: (Float8) -> Float8, _ x: Float) -> Float {
        function(Float8(repeating: x))[0]
    }

    /// Steps of 1/512 and of 1/509 over the whole range, where neither falls on the reduction's borders
    /// alone.
    private func samples(_ range: ClosedRange<Float>) -> [Float] {
        Array(stride(from: range.lowerBound, through: range.upperBound, by: 1 / 512))
            + Array(stride(from: range.lowerBound, through: range.upperBound, by: 1 / 509))
    }

    /// Two units in the last place of single precision.
    @Test func exponentialOfNonPositiveIsAccurate() {
        var largest = 0.0
        for x in samples(-87.2...0) {
            let exact = exp(Double(x))
            largest = max(
                largest, abs(Double(value(exponentialOfNonPositive, x)) - exact) / exact)
        }
        #expect(largest < 2e-7)
    }

    @Test func exponentialOfNonPositiveAtTheEnds() {
        #expect(value(exponentialOfNonPositive, 0) == 1)
        for x in [-87.4, -104, -1e4, -.greatestFiniteMagnitude, -.infinity] as [Float] {
            #expect(value(exponentialOfNonPositive, x) == 0)
        }
        #expect(value(exponentialOfNonPositive, .nan).isNaN)
    }

    /// One and a half units in the last place of single precision.
    @Test func powerOfTwoIsAccurate() {
        var largest = 0.0
        for x in samples(-126...0) {
            let exact = exp2(Double(x))
            let found = Double(value({ powerOfTwo(ofNonPositive: $0) }, x))
            largest = max(largest, abs(found - exact) / exact)
        }
        #expect(largest < 1.3e-7)
    }

    @Test func powerOfTwoAtTheEnds() {
        func power(_ x: Float) -> Float { value({ powerOfTwo(ofNonPositive: $0) }, x) }
        #expect(power(0) == 1 && power(-1) == 0.5 && power(-126) == .leastNormalMagnitude)
        #expect(abs(power(1e-5) - exp2f(1e-5)) < 1.3e-7)
        for x in [-127, -1e4, -.greatestFiniteMagnitude, -.infinity] as [Float] {
            #expect(power(x) == 0)
        }
        for x in samples(-127 ... -126) {
            #expect((0...Float.leastNormalMagnitude).contains(power(x)))
        }
        #expect(power(.nan).isNaN)
    }

    @Test func exponentialIsAccurateEverywhere() {
        var largest = 0.0
        for x in samples(-87...88.7) {
            let exact = exp(Double(x))
            largest = max(largest, abs(Double(value(exponential, x)) - exact) / exact)
        }
        #expect(largest < 2e-7)
        #expect(value(exponential, .infinity) == .infinity)
        #expect(value(exponential, 89) == .infinity)
        #expect(value(exponential, -.infinity) == 0)
        #expect(value(exponential, -200) == 0)
        #expect(value(exponential, .nan).isNaN)
        // Subnormal results lose bits, no more: within one of the smallest steps.
        #expect(abs(value(exponential, -95) - expf(-95)) <= Float.leastNonzeroMagnitude)
    }

    /// What MED-VT's largest activations need: GELU's error is that of erf times half the input.
    @Test func errorFunctionIsAccurate() {
        var largest = 0.0
        for x in samples(-6...6) {
            largest = max(largest, abs(Double(value(errorFunction, x)) - erf(Double(x))))
        }
        #expect(largest < 5e-7)
        #expect(abs(value(errorFunction, .infinity) - 1) < 5e-7)
        #expect(abs(value(errorFunction, -.infinity) + 1) < 5e-7)
    }

    @Test func sigmoidIsAccurate() {
        var largest = 0.0
        for x in samples(-30...30) {
            largest = max(
                largest, abs(Double(value(sigmoid, x)) - 1 / (1 + exp(-Double(x)))))
        }
        // Two roundings of numbers up to 1.
        #expect(largest < 2e-7)
        #expect(value(sigmoid, 200) == 1)
        #expect(value(sigmoid, -200) == 0)
        #expect(value(sigmoid, .infinity) == 1)
        #expect(value(sigmoid, -.infinity) == 0)
    }
}

/// One step of AdamW (Loshchilov and Hutter, 2019, algorithm 2) with its numbers worked out.
package struct AdamWStep: Sendable {
    /// What the parameter is multiplied by before it moves: one less the rate times the weight decay.
    package var shrinkage: Float
    /// The rate over the bias correction of the first moment.
    package var rate: Float
    /// One over the square root of the bias correction of the second moment.
    package var secondMomentScale: Float
    package var firstDecay: Float
    package var secondDecay: Float
    package var epsilon: Float
    /// What every gradient is multiplied by first.
    package var gradientScale: Float

    package init(
        shrinkage: Float, rate: Float, secondMomentScale: Float, firstDecay: Float,
        secondDecay: Float, epsilon: Float, gradientScale: Float
    ) {
        self.shrinkage = shrinkage
        self.rate = rate
        self.secondMomentScale = secondMomentScale
        self.firstDecay = firstDecay
        self.secondDecay = secondDecay
        self.epsilon = epsilon
        self.gradientScale = gradientScale
    }

    /// Moves `count` parameters and their moments.
    package func callAsFunction(
        count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
        firstMoments: UnsafeMutablePointer<Float>, secondMoments: UnsafeMutablePointer<Float>
    ) {
        ThreadPool.shared.runRanges(count, grain: elementwiseGrain) { range in
            for i in range {
                let gradient = gradients[i] * gradientScale
                let first = firstMoments[i] * firstDecay + gradient * (1 - firstDecay)
                let second =
                    secondMoments[i] * secondDecay + gradient * gradient * (1 - secondDecay)
                firstMoments[i] = first
                secondMoments[i] = second
                let deviation = second.squareRoot() * secondMomentScale + epsilon
                parameters[i] = parameters[i] * shrinkage - rate * first / deviation
            }
        }
    }
}

/// `average[i] += share * (values[i] - average[i])`.
package func moveAverage(
    count: Int, _ average: UnsafeMutablePointer<Float>, towards values: UnsafePointer<Float>,
    share: Float
) {
    ThreadPool.shared.runRanges(count, grain: elementwiseGrain) { range in
        for i in range { average[i] += share * (values[i] - average[i]) }
    }
}

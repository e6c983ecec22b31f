import Tensor

/// The Jaccard index of two masks, `[height, width]`: pixels of both over pixels of either.
///
/// 1 where neither has a pixel, as the DAVIS tools have it.
public func regionSimilarity(_ prediction: Tensor<Bool>, _ groundTruth: Tensor<Bool>) -> Double {
    precondition(
        prediction.shape == groundTruth.shape,
        "regionSimilarity: \(prediction.shape) and \(groundTruth.shape) differ")
    var both = 0
    var either = 0
    prediction.withUnsafeBuffer { prediction in
        groundTruth.withUnsafeBuffer { groundTruth in
            for index in prediction.indices {
                both += prediction[index] && groundTruth[index] ? 1 : 0
                either += prediction[index] || groundTruth[index] ? 1 : 0
            }
        }
    }
    return either == 0 ? 1 : Double(both) / Double(either)
}

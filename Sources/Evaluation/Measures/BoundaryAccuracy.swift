/// The boundary measure F of two masks of one size: the harmonic mean of the shares of each boundary that lie
/// within 0.8 % of the frame's diagonal of the other.
///
/// Source: `f_measure` of the DAVIS-2017 tools, `db_eval_boundary` of those of 2016.
public func boundaryAccuracy(_ prediction: BitMask, _ groundTruth: BitMask) -> Double {
    boundaryAccuracy(
        Boundary(of: prediction), Boundary(of: groundTruth),
        in: Disk(height: groundTruth.height, width: groundTruth.width))
}

/// The same of boundaries that are known already.
func boundaryAccuracy(_ prediction: Boundary, _ groundTruth: Boundary, in disk: Disk) -> Double {
    prediction.pixels.expectSameSize(groundTruth.pixels, "boundaryAccuracy")
    // Two empty boundaries agree; one alone has precision or recall 0, hence F = 0.
    if prediction.count == 0, groundTruth.count == 0 { return 1 }
    if prediction.count == 0 || groundTruth.count == 0 { return 0 }
    let precision =
        Double(prediction.countMatches(with: groundTruth, in: disk)) / Double(prediction.count)
    let recall =
        Double(groundTruth.countMatches(with: prediction, in: disk)) / Double(groundTruth.count)
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
}

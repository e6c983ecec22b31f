/// The Jaccard index J of two masks of one size: pixels of both over pixels of either.
///
/// 1 where neither has a pixel, as the DAVIS tools have it (`db_eval_iou`).
public func regionSimilarity(_ prediction: BitMask, _ groundTruth: BitMask) -> Double {
    let (both, either) = overlap(prediction, groundTruth)
    return either == 0 ? 1 : Double(both) / Double(either)
}

/// How many pixels are in both masks, and how many in either.
func overlap(_ first: BitMask, _ second: BitMask) -> (both: Int, either: Int) {
    first.expectSameSize(second, "overlap")
    var both = 0
    var either = 0
    first.words.withUnsafeBufferPointer { first in
        second.words.withUnsafeBufferPointer { second in
            for index in first.indices {
                both &+= (first[index] & second[index]).nonzeroBitCount
                either &+= (first[index] | second[index]).nonzeroBitCount
            }
        }
    }
    return (both, either)
}

import Tensor

extension RunLengthMask {
    /// Gives the pixels of the mask the value `label`.
    ///
    /// - Parameter labels: an image of labels of the mask's size, `[height, width]`.
    public func paint(_ label: UInt8, on labels: inout Tensor<UInt8>) {
        precondition(
            labels.shape == [height, width],
            "paint: a mask \([height, width]) on labels \(labels.shape)")
        let (height, width) = (height, width)
        labels.withUnsafeMutableBuffer { pixels in
            forEachRun { run in
                var (column, row) = run.lowerBound.quotientAndRemainder(dividingBy: height)
                for _ in run {
                    pixels[row * width + column] = label
                    row += 1
                    if row == height { (column, row) = (column + 1, 0) }
                }
            }
        }
    }
}

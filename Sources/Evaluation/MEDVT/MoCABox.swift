import Tensor

/// The box that MoCA's evaluation draws around a predicted mask.
///
/// Source: `moca_eval` of MED-VT's `avos/evals.py`.
package enum MoCABox {
    /// The box of a mask's largest part, or nil where nothing is on.
    ///
    /// - Parameter image: the saved mask, `[height, width, 3]` or gray levels `[height, width]`.
    /// - Returns: left, top, right and bottom, in pixels of the mask.
    package static func box(
        of image: Tensor<UInt8>
    ) -> (left: Double, top: Double, right: Double, bottom: Double)? {
        let mask = foreground(of: image)
        var best: PixelBox?
        var bestCount = 0
        for box in mask.componentBoxes {
            // All that is on in the rectangle counts, other parts too. Of equals the last wins: OpenCV lists outlines
            // from the last to the first, and the script takes the first.
            let count = mask.count(in: box)
            if count >= bestCount {
                best = box
                bestCount = count
            }
        }
        return best.map {
            (
                Double($0.columns.lowerBound), Double($0.rows.lowerBound),
                Double($0.columns.upperBound), Double($0.rows.upperBound)
            )
        }
    }

    /// The overlap of two boxes over their union.
    package static func overlap(
        _ first: (left: Double, top: Double, right: Double, bottom: Double),
        _ second: (left: Double, top: Double, right: Double, bottom: Double)
    ) -> Double {
        let width = min(first.right, second.right) - max(first.left, second.left)
        let height = min(first.bottom, second.bottom) - max(first.top, second.top)
        let both = max(width, 0) * max(height, 0)
        guard both > 0 else { return 0 }
        func area(_ box: (left: Double, top: Double, right: Double, bottom: Double)) -> Double {
            abs((box.right - box.left) * (box.bottom - box.top))
        }
        return both / (area(first) + area(second) - both)
    }

    /// What is on, after what looks like background is turned into foreground.
    private static func foreground(of image: Tensor<UInt8>) -> BitMask {
        let (height, width) = (image.shape[0], image.shape[1])
        let channels = image.rank == 3 ? image.shape[2] : 1
        // Three times the mean of the channels, so that the thresholds stay exact.
        let levels: [Int] = image.withUnsafeBuffer { pixels in
            (0..<height * width).map { pixel in
                if channels == 1 { return 3 * Int(pixels[pixel]) }
                return (0..<3).reduce(0) { $0 + Int(pixels[3 * pixel + $1]) }
            }
        }
        // More than half of the frame's border above 127.5 means that the background was segmented.
        let rowEnds = Set([0, height - 1])
        let columnEnds = Set([0, width - 1])
        var bright = 0
        for row in 0..<height {
            for column in rowEnds.contains(row) ? Array(0..<width) : Array(columnEnds)
            where Double(levels[row * width + column]) > 3 * 127.5 { bright += 1 }
        }
        let isInverted = Double(bright) / Double(2 * height + 2 * width - 4) > 0.5
        let on = Tensor<Bool>(
            // On above a tenth of 255; the inverse is cut to whole levels first.
            levels.map { isInverted ? 3 * 255 - $0 >= 3 * 26 : Double($0) > 3 * 25.5 },
            shape: [height, width])
        return BitMask(on)
    }
}

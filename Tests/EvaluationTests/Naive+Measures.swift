import Evaluation
import Tensor
import TestSupport

/// The measures, pixel by pixel, as their definitions read.
extension Naive {
    static func regionSimilarity(_ a: Tensor<Bool>, _ b: Tensor<Bool>) -> Double {
        let both = zip(a.scalars, b.scalars).count { $0 && $1 }
        let either = zip(a.scalars, b.scalars).count { $0 || $1 }
        return either == 0 ? 1 : Double(both) / Double(either)
    }

    static func boundaryAccuracy(_ prediction: Tensor<Bool>, _ truth: Tensor<Bool>) -> Double {
        let (height, width) = (truth.shape[0], truth.shape[1])
        let radius = Int(
            (0.008 * Double(height * height + width * width).squareRoot()).rounded(.up))
        let (mine, others) = (boundary(prediction), boundary(truth))
        if mine.isEmpty, others.isEmpty { return 1 }
        if mine.isEmpty || others.isEmpty { return 0 }
        func share(_ a: [(Int, Int)], of b: Set<Int>) -> Double {
            let matched = a.count { row, column in
                (max(-radius, -row)...min(radius, height - 1 - row)).contains { dy in
                    (-radius...radius).contains { dx in
                        let (y, x) = (row + dy, column + dx)
                        return dy * dy + dx * dx <= radius * radius && x >= 0 && x < width
                            && b.contains(y * width + x)
                    }
                }
            }
            return Double(matched) / Double(a.count)
        }
        let precision = share(mine, of: Set(others.map { $0.0 * width + $0.1 }))
        let recall = share(others, of: Set(mine.map { $0.0 * width + $0.1 }))
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }

    private static func boundary(_ mask: Tensor<Bool>) -> [(Int, Int)] {
        let (height, width) = (mask.shape[0], mask.shape[1])
        let pixels = mask.scalars
        var result: [(Int, Int)] = []
        for row in 0..<height {
            for column in 0..<width {
                let here = pixels[row * width + column]
                var neighbours: [(Int, Int)] = []
                if column + 1 < width { neighbours.append((row, column + 1)) }
                if row + 1 < height { neighbours.append((row + 1, column)) }
                if neighbours.count == 2 { neighbours.append((row + 1, column + 1)) }
                if neighbours.contains(where: { pixels[$0.0 * width + $0.1] != here }) {
                    result.append((row, column))
                }
            }
        }
        return result
    }

    static func componentBoxes(_ mask: Tensor<Bool>) -> [PixelBox] {
        let (height, width) = (mask.shape[0], mask.shape[1])
        var left = mask.scalars
        var boxes: [PixelBox] = []
        for start in left.indices where left[start] {
            var rows = start / width..<start / width + 1
            var columns = start % width..<start % width + 1
            var open = [start]
            left[start] = false
            while let pixel = open.popLast() {
                let (row, column) = (pixel / width, pixel % width)
                rows = min(rows.lowerBound, row)..<max(rows.upperBound, row + 1)
                columns = min(columns.lowerBound, column)..<max(columns.upperBound, column + 1)
                for y in max(0, row - 1)...min(height - 1, row + 1) {
                    for x in max(0, column - 1)...min(width - 1, column + 1)
                    where left[y * width + x] {
                        left[y * width + x] = false
                        open.append(y * width + x)
                    }
                }
            }
            boxes.append(PixelBox(rows: rows, columns: columns))
        }
        return boxes
    }
}

/// A rectangle of pixels, its ends excluded.
package struct PixelBox: Sendable, Equatable {
    package var rows: Range<Int>
    package var columns: Range<Int>

    /// The rectangle of these rows and columns.
    package init(rows: Range<Int>, columns: Range<Int>) {
        self.rows = rows
        self.columns = columns
    }
}

extension BitMask {
    /// The bounding boxes of the mask's parts (pixels that touch, corners included), by their first pixels in reading
    /// order.
    package var componentBoxes: [PixelBox] {
        var runs: [(row: Int, columns: Range<Int>)] = []
        var parents: [Int] = []
        func root(_ run: Int) -> Int {
            var run = run
            while parents[run] != run {
                parents[run] = parents[parents[run]]
                run = parents[run]
            }
            return run
        }
        var above = 0..<0
        for row in 0..<height {
            let first = runs.count
            var candidate = above.lowerBound
            for columns in stretches(inRow: row) {
                let run = runs.count
                runs.append((row, columns))
                parents.append(run)
                // The runs above that end before this one begins can touch none that follows.
                while candidate < above.upperBound,
                    runs[candidate].columns.upperBound < columns.lowerBound
                {
                    candidate += 1
                }
                var other = candidate
                while other < above.upperBound,
                    runs[other].columns.lowerBound <= columns.upperBound
                {
                    // The earliest run is the root, so parts are in the order of their first pixels.
                    let (a, b) = (root(other), root(run))
                    parents[max(a, b)] = min(a, b)
                    other += 1
                }
            }
            above = first..<runs.count
        }
        var boxes: [Int: PixelBox] = [:]
        for (index, run) in runs.enumerated() {
            let part = root(index)
            let box = boxes[part] ?? PixelBox(rows: run.row..<run.row, columns: run.columns)
            boxes[part] = PixelBox(
                rows: box.rows.lowerBound..<run.row + 1,
                columns: min(
                    box.columns.lowerBound, run.columns.lowerBound)..<max(
                        box.columns.upperBound, run.columns.upperBound))
        }
        return boxes.sorted { $0.key < $1.key }.map(\.value)
    }

    /// How many pixels are set in a box.
    package func count(in box: PixelBox) -> Int {
        guard !box.columns.isEmpty else { return 0 }
        let last = box.columns.upperBound - 1
        let (firstWord, lastWord) = (box.columns.lowerBound / 64, last / 64)
        let firstBits: UInt64 = ~0 << UInt64(box.columns.lowerBound % 64)
        let lastBits: UInt64 = ~0 >> UInt64(63 - last % 64)
        return box.rows.reduce(0) { count, row in
            (firstWord...lastWord).reduce(count) { count, word in
                var bits = words[row * rowWords + word]
                if word == firstWord { bits &= firstBits }
                if word == lastWord { bits &= lastBits }
                return count + bits.nonzeroBitCount
            }
        }
    }

    /// The stretches of set pixels of a row, from left to right.
    private func stretches(inRow row: Int) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var column = 0
        while let start = nextColumn(from: column, inRow: row, set: true) {
            let end = nextColumn(from: start, inRow: row, set: false) ?? width
            result.append(start..<end)
            column = end
        }
        return result
    }

    /// The first column from `column` on whose pixel is set, or not set.
    private func nextColumn(from column: Int, inRow row: Int, set isSet: Bool) -> Int? {
        var column = column
        while column < width {
            let word = words[row * rowWords + column / 64]
            let bits = (isSet ? word : ~word) >> UInt64(column % 64)
            if bits != 0 {
                column += bits.trailingZeroBitCount
                return column < width ? column : nil
            }
            column += 64 - column % 64
        }
        return nil
    }
}

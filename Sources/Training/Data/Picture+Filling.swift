extension Picture {
    /// The picture without its objects: their place, and a margin around it, is filled from what surrounds it.
    ///
    /// By a pyramid of means of what is known (Gortler et al., "The Lumigraph", 1996, section 3.4): close
    /// to the border of a hole the fill follows it, inside it is smooth.
    func withoutObjects() -> Picture {
        var level = FillLevel(self, margin: max(2, min(height, width) / 60))
        var finer: [FillLevel] = []
        while level.height > 1 || level.width > 1 {
            finer.append(level)
            level = level.reduced()
        }
        while var fine = finer.popLast() {
            fine.fill(from: level)
            level = fine
        }
        return Picture(
            height: height, width: width,
            colours: level.colours.map { UInt8(min(max($0, 0), 255)) },
            mask: [UInt8](repeating: 0, count: height * width))
    }
}

/// Colours of which some are known.
private struct FillLevel {
    let height: Int
    let width: Int
    var colours: [Float]
    var known: [Float]

    init(height: Int, width: Int) {
        self.height = height
        self.width = width
        colours = [Float](repeating: 0, count: 3 * height * width)
        known = [Float](repeating: 0, count: height * width)
    }

    init(_ picture: Picture, margin: Int) {
        self.init(height: picture.height, width: picture.width)
        let hole = Self.widened(picture, by: margin)
        for index in hole.indices where !hole[index] {
            known[index] = 1
            for channel in 0..<3 {
                colours[3 * index + channel] = Float(picture.colours[3 * index + channel])
            }
        }
    }

    /// Whether an object's pixel lies within `margin` rows and columns.
    private static func widened(_ picture: Picture, by margin: Int) -> [Bool] {
        let (height, width) = (picture.height, picture.width)
        func spread(_ values: [Bool], count: Int, step: Int, lines: Int, lineStep: Int) -> [Bool] {
            var result = [Bool](repeating: false, count: values.count)
            for line in 0..<lines {
                var last = -margin - 1
                for i in 0..<count {
                    if values[line * lineStep + i * step] { last = i }
                    if i - last <= margin { result[line * lineStep + i * step] = true }
                }
                last = count + margin + 1
                for i in (0..<count).reversed() {
                    if values[line * lineStep + i * step] { last = i }
                    if last - i <= margin { result[line * lineStep + i * step] = true }
                }
            }
            return result
        }
        let rows = spread(
            picture.mask.map { $0 > 20 }, count: width, step: 1, lines: height, lineStep: width)
        return spread(rows, count: height, step: width, lines: width, lineStep: 1)
    }

    /// At half the size: means of what is known.
    func reduced() -> FillLevel {
        var small = FillLevel(height: (height + 1) / 2, width: (width + 1) / 2)
        for y in 0..<height {
            for x in 0..<width where known[y * width + x] > 0 {
                let (from, to) = (y * width + x, y / 2 * small.width + x / 2)
                small.known[to] += known[from]
                for channel in 0..<3 {
                    small.colours[3 * to + channel] += colours[3 * from + channel] * known[from]
                }
            }
        }
        for index in small.known.indices where small.known[index] > 0 {
            for channel in 0..<3 { small.colours[3 * index + channel] /= small.known[index] }
            small.known[index] = min(1, small.known[index])
        }
        return small
    }

    /// Takes what is not known from a level of half the size, between its pixels.
    mutating func fill(from small: FillLevel) {
        for y in 0..<height {
            let v = max(0, min(Float(small.height - 1), (Float(y) - 0.5) / 2))
            let (y0, dy) = (Int(v), v - Float(Int(v)))
            let y1 = min(y0 + 1, small.height - 1)
            for x in 0..<width where known[y * width + x] < 1 {
                let u = max(0, min(Float(small.width - 1), (Float(x) - 0.5) / 2))
                let (x0, dx) = (Int(u), u - Float(Int(u)))
                let x1 = min(x0 + 1, small.width - 1)
                let share = known[y * width + x]
                for channel in 0..<3 {
                    func at(_ y: Int, _ x: Int) -> Float {
                        small.colours[3 * (y * small.width + x) + channel]
                    }
                    let upper = at(y0, x0) * (1 - dx) + at(y0, x1) * dx
                    let lower = at(y1, x0) * (1 - dx) + at(y1, x1) * dx
                    let index = 3 * (y * width + x) + channel
                    colours[index] =
                        colours[index] * share + (upper * (1 - dy) + lower * dy) * (1 - share)
                }
                known[y * width + x] = 1
            }
        }
    }
}

extension Picture {
    /// For each pixel that is not known the known one behind the nearest border in its row or column, as far
    /// behind it as the pixel lies before it; -1 where there is none.
    ///
    /// A mean of surroundings has no texture, and a patch without texture gives away what was painted out. The
    /// mirrored surroundings have their own.
    func mirroredSources(unknown: [Bool]) -> [Int] {
        var sources = [Int](repeating: -1, count: pixels.count)
        var distances = [Int](repeating: .max, count: pixels.count)
        func walk(from start: Int, by step: Int, count: Int) {
            var border: Int?
            for place in 0..<count {
                let index = start + place * step
                guard unknown[index] else {
                    border = place
                    continue
                }
                guard let border else { continue }
                let distance = place - border
                let mirrored = start + (border - distance + 1) * step
                guard distance < distances[index], distance <= border + 1, !unknown[mirrored]
                else { continue }
                distances[index] = distance
                sources[index] = mirrored
            }
        }
        for y in 0..<height {
            walk(from: y * width, by: 1, count: width)
            walk(from: y * width + width - 1, by: -1, count: width)
        }
        for x in 0..<width {
            walk(from: x, by: width, count: height)
            walk(from: x + (height - 1) * width, by: -width, count: height)
        }
        return sources
    }
}

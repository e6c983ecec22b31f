import Kernels
import TestSupport
import Testing

/// Padding, cyclic shift and partition done with whole maps, as the official code does them.
private struct PlainWindows {
    let extent: [Int]
    let window: [Int]
    let shift: [Int]

    var padded: [Int] { zip(extent, window).map { ($0 + $1 - 1) / $1 * $1 } }

    /// For each window its tokens' indices in the clip, -1 for padding.
    var rows: [[Int32]] {
        partition { t, y, x in
            guard t < extent[0], y < extent[1], x < extent[2] else { return -1 }
            return Int32((t * extent[1] + y) * extent[2] + x)
        }
    }

    /// For each window its tokens' labels, from slices written over a map one after the other.
    var labels: [[Int32]] {
        var map = [Int32](repeating: -1, count: padded.reduce(1, *))
        var label: Int32 = 0
        for frames in slices(0) {
            for lines in slices(1) {
                for columns in slices(2) {
                    for t in frames {
                        for y in lines { for x in columns { map[at(t, y, x)] = label } }
                    }
                    label += 1
                }
            }
        }
        // The labels belong to places after the shift.
        return PlainWindows(extent: padded, window: window, shift: [0, 0, 0])
            .rows.map { $0.map { map[Int($0)] } }
    }

    private func at(_ t: Int, _ y: Int, _ x: Int) -> Int {
        (t * padded[1] + y) * padded[2] + x
    }

    /// Python's `[:-w]`, `[-w:-s]`, `[-s:]`, where `-0` means the start.
    private func slices(_ axis: Int) -> [Range<Int>] {
        let (length, window, shift) = (padded[axis], window[axis], shift[axis])
        return [
            0..<max(0, length - window),
            length - window..<(shift == 0 ? length - window : length - shift),
            (shift == 0 ? 0 : length - shift)..<length,
        ]
    }

    private func partition(_ value: (Int, Int, Int) -> Int32) -> [[Int32]] {
        var windows: [[Int32]] = []
        for wt in 0..<padded[0] / window[0] {
            for wy in 0..<padded[1] / window[1] {
                for wx in 0..<padded[2] / window[2] {
                    var tokens: [Int32] = []
                    for t in 0..<window[0] {
                        for y in 0..<window[1] {
                            for x in 0..<window[2] {
                                tokens.append(
                                    value(
                                        (wt * window[0] + t + shift[0]) % padded[0],
                                        (wy * window[1] + y + shift[1]) % padded[1],
                                        (wx * window[2] + x + shift[2]) % padded[2]))
                            }
                        }
                    }
                    windows.append(tokens)
                }
            }
        }
        return windows
    }
}

@Suite("Window grid")
struct WindowGridTests {
    @Test("Rows and regions are those of padding, rolling and partitioning", arguments: 0..<200)
    func agreesWithWholeMaps(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let extent = SIMD3(
            Int.random(in: 1...19, using: &random), Int.random(in: 1...17, using: &random),
            Int.random(in: 1...17, using: &random))
        let window = SIMD3(
            Int.random(in: 1...8, using: &random), Int.random(in: 1...7, using: &random),
            Int.random(in: 1...7, using: &random))
        let grid = WindowGrid(
            extent: extent, fullWindow: window, shifted: Bool.random(using: &random))
        for axis in 0..<3 where extent[axis] <= window[axis] {
            #expect(grid.window[axis] == extent[axis] && grid.shift[axis] == 0)
        }
        let plain = PlainWindows(
            extent: [extent.x, extent.y, extent.z],
            window: [grid.window.x, grid.window.y, grid.window.z],
            shift: [grid.shift.x, grid.shift.y, grid.shift.z])
        let rows = plain.rows
        let labels = plain.labels
        #expect(grid.windows == rows.count)
        var found = [Int32](repeating: 0, count: grid.tokens)
        var regions = found
        for index in 0..<grid.windows {
            let present = grid.fillRows(ofWindow: index, into: &found)
            #expect(found == rows[index])
            #expect(present == rows[index].count { $0 >= 0 })
            let kind = grid.kind(ofWindow: index)
            grid.fillRegions(ofKind: kind, into: &regions)
            #expect(sameGroups(regions, labels[index]))
            if kind == 0 { #expect(Set(labels[index]).count == 1) }
        }
    }

    @Test("Every token of a clip lies in one window")
    func coversTheClip() {
        let grid = WindowGrid(
            extent: SIMD3(13, 9, 11), fullWindow: SIMD3(8, 7, 7), shifted: true)
        var seen = [Int](repeating: 0, count: 13 * 9 * 11)
        var rows = [Int32](repeating: 0, count: grid.tokens)
        for index in 0..<grid.windows {
            grid.fillRows(ofWindow: index, into: &rows)
            for row in rows where row >= 0 { seen[Int(row)] += 1 }
        }
        #expect(seen.allSatisfy { $0 == 1 })
    }

    /// Whether two labellings part the tokens in the same way.
    private func sameGroups(_ a: [Int32], _ b: [Int32]) -> Bool {
        Set(zip(a, b).map { [$0, $1] }).count == Set(a).count && Set(a).count == Set(b).count
    }
}

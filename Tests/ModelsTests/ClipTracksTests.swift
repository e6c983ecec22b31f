import Foundation
import Masks
import Models
import Tensor
import TestSupport
import Testing

/// Clips joined to tracks, against a plain twin that keeps everything of every clip.
@Suite struct ClipTracksTests {
    /// Single precision against double: sums of some hundred pixels, at most a dozen clips.
    static let tolerance = 1e-4

    @Test(arguments: UInt64(1)...40)
    func tracksOfRandomClips(seed: UInt64) {
        var random = SeededRandom(seed)
        let (length, stride) = (
            Int.random(in: 1...5, using: &random), Int.random(in: 1...6, using: &random)
        )
        let frameCount = Int.random(in: 1...16, using: &random)
        let clips = WindowPlan(
            frameCount: frameCount, layout: .sliding(length: length, stride: stride)
        ).map { Self.clip($0.frames, &random) }

        var tracks = ClipTracks()
        var finished = clips.flatMap { tracks.add($0) }
        finished += tracks.finish()
        let expected = PlainTracks(clips, frameCount: frameCount)

        #expect(finished.map(\.frame) == finished.map(\.frame).sorted())
        #expect(Set(finished.map(\.frame)).count == finished.count)
        #expect(tracks.count == expected.owners.map { ($0.max() ?? -1) + 1 }.max() ?? 0)
        for (scores, plain) in zip(tracks.scores, expected.scores) {
            #expect(largestDifference(Tensor(scores), plain) <= Self.tolerance)
        }
        var seen = 0
        for frame in finished {
            for (index, track) in frame.tracks.enumerated() {
                let plain = expected.logits[track][frame.frame]
                #expect(plain != nil)
                #expect(
                    largestDifference(frame.maskLogits[index].reshaped(-1), plain ?? [])
                        <= Self.tolerance)
                seen += 1
            }
        }
        #expect(seen == expected.logits.reduce(0) { $0 + $1.count { $0 != nil } })
    }

    /// The official program stops where tracks exceed 120; here they go on.
    @Test func manyTracks() {
        var tracks = ClipTracks()
        var random = SeededRandom(7)
        for index in 0..<20 {
            // Clips that share no frame: every instance begins a track.
            _ = tracks.add(
                ClipInstances(
                    frames: index * 2..<index * 2 + 2, scores: random.tensor([10, 3], in: 0...1),
                    maskLogits: random.tensor([10, 2, 4, 5])))
        }
        #expect(tracks.count == 200)
        #expect(tracks.finish().map(\.frame) == [38, 39])
    }

    @Test func noInstances() {
        var tracks = ClipTracks()
        for start in 0..<4 {
            let finished = tracks.add(
                ClipInstances(
                    frames: start..<start + 3, scores: Tensor(zeros: [0, 3]),
                    maskLogits: Tensor(zeros: [0, 3, 4, 5])))
            #expect(finished.isEmpty)
        }
        #expect(tracks.finish().isEmpty)
        #expect(tracks.count == 0)
    }

    /// Some objects that move a little from frame to frame and are told apart well, among noise.
    private static func clip(_ frames: [Int], _ random: inout SeededRandom) -> ClipInstances {
        let (instances, height, width) = (Int.random(in: 1...4, using: &random), 8, 9)
        let objects = (0..<6).shuffled(using: &random).prefix(instances)
        var values: [Float] = []
        for object in objects {
            for frame in frames {
                // Gone for a while.
                let isThere = (frame + 3 * object) % 11 > 2
                for row in 0..<height {
                    for column in 0..<width {
                        let down = Float(row) - Float(object % 3 * 3)
                        let right = Float(column) - Float(object / 3 * 4) - Float(frame) * 0.2
                        let core = 4 - (down * down + right * right)
                        let noise = Float.random(in: -0.5...0.5, using: &random)
                        values.append((isThere ? core : -9) + noise)
                    }
                }
            }
        }
        return ClipInstances(
            frames: frames[0]..<frames[0] + frames.count,
            scores: random.tensor([instances, 3], in: 0...1),
            maskLogits: Tensor(values, shape: [instances, frames.count, height, width]))
    }
}

/// Clip matching as the paper and the official code write it down: every clip's masks are kept, each overlap is
/// summed pixel by pixel.
private struct PlainTracks {
    /// The track of each instance of each clip.
    var owners: [[Int]] = []
    /// The mean probability of each class of each track.
    var scores: [[Double]] = []
    /// The mean logits of each track in each frame; `nil` where no clip has found it.
    var logits: [[[Double]?]] = []

    init(_ clips: [ClipInstances], frameCount: Int) {
        var count = 0
        for (index, clip) in clips.enumerated() {
            let recent = max(0, index - clip.frames.count)..<index
            let overlaps = (0..<count).map { track in
                (0..<clip.scores.shape[0]).map { instance -> Double in
                    var (sum, found) = (0.0, 0)
                    for other in recent {
                        let common = clips[other].frames.clamped(to: clip.frames)
                        guard let own = owners[other].firstIndex(of: track), !common.isEmpty else {
                            continue
                        }
                        sum += Self.overlap(clips[other], own, clip, instance, common)
                        found += 1
                    }
                    return sum / (Double(found) + 1e-6)
                }
            }
            var clipOwners = [Int?](repeating: nil, count: clip.scores.shape[0])
            let costs = overlaps.map { row in row.map { $0 > 0.01 ? -$0 : 0 } }
            for (row, column) in cheapestAssignment(costs) where costs[row][column] < 0 {
                clipOwners[column] = row
            }
            owners.append(
                clipOwners.map { owner in
                    if let owner { return owner }
                    count += 1
                    return count - 1
                })
        }
        for track in 0..<count {
            let places = clips.indices.flatMap { clip in
                owners[clip].indices.filter { owners[clip][$0] == track }.map { (clip, $0) }
            }
            let classes = places.map { clips[$0].scores[$1].scalars.map(Double.init) }
            scores.append(Self.mean(classes))
            logits.append(
                (0..<frameCount).map { frame in
                    let masks = places.filter { clips[$0.0].frames.contains(frame) }.map {
                        Self.mask(clips[$0], $1, frame)
                    }
                    return masks.isEmpty ? nil : Self.mean(masks)
                })
        }
    }

    private static func mask(_ clip: ClipInstances, _ instance: Int, _ frame: Int) -> [Double] {
        clip.maskLogits[instance][frame - clip.frames.lowerBound].scalars.map(Double.init)
    }

    private static func mean(_ rows: [[Double]]) -> [Double] {
        rows[0].indices.map { index in
            rows.reduce(0) { $0 + $1[index] } / Double(rows.count)
        }
    }

    private static func overlap(
        _ a: ClipInstances, _ i: Int, _ b: ClipInstances, _ j: Int, _ frames: Range<Int>
    ) -> Double {
        var (intersection, union) = (0.0, 0.0)
        for frame in frames {
            let masks = [mask(a, i, frame), mask(b, j, frame)]
            let shares = masks.map { $0.map { 1 / (1 + exp(-$0)) } }
            for (p, q) in zip(shares[0], shares[1]) {
                intersection += p * q
                union += p + q - p * q
            }
        }
        return intersection / (union + 1e-6)
    }
}

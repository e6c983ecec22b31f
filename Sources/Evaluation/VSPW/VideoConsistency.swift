import Tensor

/// How steady the prediction is where the ground truth is: VC_n, over every window of n frames of a video.
///
/// Frames are taken one after the other. A window's pixels are those whose true label, void included, stays the same
/// in all of its frames; its score is the share of them whose predicted label stays the same too, right or wrong.
struct VideoConsistency: Sendable {
    /// The numbers of frames in a window.
    let lengths: [Int]

    /// The scores of the windows, for each length; not a number where no pixel's label stays.
    private(set) var scores: [[Double]]

    private var truth = SteadyPixels()
    private var prediction = SteadyPixels()
    private var pending: [Double?]
    private var frames = 0

    init(lengths: [Int]) {
        precondition(lengths.allSatisfy { 2...255 ~= $0 }, "VideoConsistency: windows \(lengths)")
        self.lengths = lengths
        scores = lengths.map { _ in [] }
        pending = lengths.map { _ in nil }
    }

    /// Takes the next frame.
    mutating func add(truth labels: Tensor<UInt8>, prediction predicted: Tensor<UInt8>) {
        truth.add(labels)
        prediction.add(predicted)
        frames += 1
        for (index, length) in lengths.enumerated() {
            // The official code never scores the last window of a video: a window's score is kept once another
            // frame comes, and a video of no more than n frames has none.
            if let score = pending[index] { scores[index].append(score) }
            guard frames >= length else { continue }
            pending[index] = share(length)
        }
    }

    private func share(_ length: Int) -> Double {
        var (steady, both) = (0, 0)
        let least = UInt8(length)
        truth.runs.withUnsafeBufferPointer { truth in
            prediction.runs.withUnsafeBufferPointer { prediction in
                for pixel in truth.indices {
                    let isSteady = truth[pixel] >= least
                    steady &+= isSteady ? 1 : 0
                    both &+= isSteady && prediction[pixel] >= least ? 1 : 0
                }
            }
        }
        return Double(both) / Double(steady)
    }
}

/// For how many frames each pixel has had its label, up to 255.
private struct SteadyPixels: Sendable {
    private(set) var runs: [UInt8] = []
    private var labels: Tensor<UInt8>?

    mutating func add(_ labels: Tensor<UInt8>) {
        defer { self.labels = labels }
        guard let before = self.labels, before.shape == labels.shape else {
            runs = Array(repeating: 1, count: labels.shape.reduce(1, *))
            return
        }
        runs.withUnsafeMutableBufferPointer { runs in
            before.withUnsafeBuffer { before in
                labels.withUnsafeBuffer { labels in
                    for pixel in runs.indices {
                        runs[pixel] =
                            before[pixel] == labels[pixel] ? min(runs[pixel], 254) &+ 1 : 1
                    }
                }
            }
        }
    }
}

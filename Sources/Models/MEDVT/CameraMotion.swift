import Tensor

/// The motion of the camera in a clip: for each two frames the affine map that most of the picture follows.
///
/// A map from a frame to the one before is looked for by Gauss-Newton on their brightness, from coarse to fine; pixels count
/// by how well they follow, so that what moves by itself counts little (Odobez and Bouthemy, "Robust multiresolution
/// estimation of parametric motion models", 1995; the weights are those of Geman and McClure). Where nothing sensible
/// is found, as at a cut, the camera counts as resting.
package struct CameraMotion: Sendable {
    /// Where the points of each frame lie in the first one.
    private let toFirst: [AffineMap]

    /// Of the frames of a clip, `[frames, height, width, 3]`, normalised.
    package init(of frames: Tensor<Float>) {
        let pictures = GrayPicture.pyramids(of: frames)
        var toFirst = [AffineMap.identity]
        for index in pictures.indices.dropFirst() {
            let step = Self.map(from: pictures[index], to: pictures[index - 1])
            toFirst.append(toFirst[index - 1].after(step))
        }
        self.toFirst = toFirst
    }

    /// A motion that is known.
    ///
    /// - Parameter toFirst: where the points of each frame lie in the first one.
    package init(toFirst: [AffineMap]) { self.toFirst = toFirst }

    /// Where the points of frame `from` lie in frame `to`.
    package func map(from: Int, to: Int) -> AffineMap {
        from == to ? .identity : toFirst[to].inverse.after(toFirst[from])
    }

    /// Steps that a level of the pyramid gets at most.
    private static let mostSteps = 10
    /// Changes below this, in parts of the frame, are not followed any further.
    private static let leastChange: Float = 5e-5

    /// Where the points of one picture lie in the other, both given fine to coarse.
    private static func map(from pictures: [GrayPicture], to others: [GrayPicture]) -> AffineMap {
        var map = AffineMap.identity
        for (picture, other) in zip(pictures, others).reversed() {
            let limit = MotionEquations.limit(picture, other, map)
            for _ in 0..<mostSteps {
                let equations = MotionEquations(picture, other, map, limit: limit)
                guard let change = equations.solution else { return .identity }
                map = map.changed(by: change)
                if change.allSatisfy({ abs($0) < leastChange }) { break }
            }
        }
        return map.isPlausible ? map : .identity
    }
}

extension AffineMap {
    /// Six changes: of both coordinates by the distance from the frame's middle to the right, by that downwards, and
    /// everywhere.
    fileprivate func changed(by change: [Float]) -> AffineMap {
        let right = SIMD2(change[0], change[3])
        let down = SIMD2(change[1], change[4])
        var result = self
        result.right += right
        result.down += down
        result.origin += SIMD2(change[2], change[5]) - (right + down) * 0.5
        return result
    }

    /// Whether a camera may have moved so between two frames: about half of the picture is in both.
    fileprivate var isPlausible: Bool {
        let middle = self(SIMD2(0.5, 0.5)) - 0.5
        let shape = [right.x - 1, right.y, down.x, down.y - 1]
        return abs(middle.x) < 0.5 && abs(middle.y) < 0.5 && shape.allSatisfy { abs($0) < 0.4 }
    }
}

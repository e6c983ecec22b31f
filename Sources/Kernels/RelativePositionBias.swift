/// Expands the relative position bias of a window into a matrix a head.
///
/// The official code indexes its table for the full window and takes the top-left part of the index
/// where the window is smaller: token `n` stands at place `n` of the *full* window's raster, whatever the
/// shape of the smaller one. (`swin_transformer_3d.py`, `WindowAttention3D`.)
///
/// - Parameters:
///   - table: `[heads, (2 frames - 1) (2 height - 1) (2 width - 1)]` of the full window.
///   - tokens: how many tokens the window in use has; at most those of the full one.
///   - stride: floats from row to row of a head's matrix; what lies beyond `tokens` is set to zero.
///   - bias: `[heads, tokens, stride]`.
package func expandRelativePositionBias(
    _ table: UnsafePointer<Float>, heads: Int, fullWindow: SIMD3<Int>, tokens: Int, stride: Int,
    into bias: UnsafeMutablePointer<Float>
) {
    let span = fullWindow &* 2 &- 1
    let entries = span.x * span.y * span.z
    let (centre, places) = relativePlaces(of: tokens, fullWindow: fullWindow)
    places.withUnsafeBufferPointer { places in
        ThreadPool.shared.run(heads) { head in
            let row = table + (head &* entries &+ centre)
            for query in 0..<tokens {
                let from = row + places[query]
                let to = bias + (head &* tokens &+ query) &* stride
                for key in 0..<tokens { to[key] = from[-places[key]] }
                for key in tokens..<max(tokens, stride) { to[key] = 0 }
            }
        }
    }
}

/// The table's entry of each pair of query and key, `[tokens, tokens]`.
package func relativePositionEntries(fullWindow: SIMD3<Int>, tokens: Int) -> [Int] {
    let (centre, places) = relativePlaces(of: tokens, fullWindow: fullWindow)
    return places.flatMap { query in places.map { key in centre + query - key } }
}

/// The entry of two equal places, and how far each token of the window's raster moves from it.
private func relativePlaces(of tokens: Int, fullWindow: SIMD3<Int>) -> (centre: Int, places: [Int])
{
    let span = fullWindow &* 2 &- 1
    let places = (0..<tokens).map { token in
        let x = token % fullWindow.z
        let y = token / fullWindow.z % fullWindow.y
        let t = token / (fullWindow.z * fullWindow.y)
        return (t * span.y + y) * span.z + x
    }
    let last = fullWindow &- 1
    return ((last.x * span.y + last.y) * span.z + last.z, places)
}

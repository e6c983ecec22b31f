/// Floats of gathered patches that a task holds at once: a quarter of a megabyte, in the second cache.
private let tileFloats = 65_536
/// Inner steps that are gathered at once, where one tap has not more.
private let innerFloats = 256

/// A convolution as a product of patches, gathered tile by tile, with a packed weight, over the pool.
///
/// - Parameters:
///   - patches: the rows of the product; their matrix never exists as a whole.
///   - weight: inner index over taps, then channels.
///   - c: `[pixels, weight.columns]`, `strideC` floats from pixel to pixel.
package func convolve(
    _ patches: some PatchSource, _ weight: PackedPanels, into c: UnsafeMutablePointer<Float>,
    strideC: Int, epilogue: Epilogue
) {
    let inner = tapsAtOnce(of: patches) * patches.channels
    let tile = pixelsPerTile(pixels: patches.pixels, inner: inner)
    ThreadPool.shared.runRanges(patches.pixels, grain: tile) { pixels in
        convolve(patches, pixels: pixels, weight, into: c, strideC: strideC, epilogue: epilogue)
    }
}

/// Some pixels of it, on the calling thread. `c` and what the epilogue reads are those of all pixels.
func convolve(
    _ patches: some PatchSource, pixels: Range<Int>, _ weight: PackedPanels,
    into c: UnsafeMutablePointer<Float>, strideC: Int, epilogue: Epilogue
) {
    let tapsAtOnce = tapsAtOnce(of: patches)
    let chunks = (patches.taps + tapsAtOnce - 1) / tapsAtOnce
    withScratch(floats: pixels.count * tapsAtOnce * patches.channels) { scratch in
        for chunk in 0..<chunks {
            let taps = chunk * tapsAtOnce..<min(patches.taps, (chunk + 1) * tapsAtOnce)
            patches.gather(pixels: pixels, taps: taps, into: scratch)
            let part = epilogue.advanced(row: pixels.lowerBound, column: 0).part(chunk, of: chunks)
            packedProduct(
                rows: 0..<pixels.count, columns: 0..<weight.columns,
                inner: taps.lowerBound * patches.channels..<taps.upperBound * patches.channels,
                scratch, strideA: taps.count * patches.channels, weight,
                into: c + pixels.lowerBound * strideC, strideC: strideC, epilogue: part)
        }
    }
}

/// Taps that are gathered together.
private func tapsAtOnce(of patches: some PatchSource) -> Int {
    min(patches.taps, max(1, innerFloats / max(1, patches.channels)))
}

/// Pixels of a task: as many as the second cache holds, fewer where tasks would be few.
private func pixelsPerTile(pixels: Int, inner: Int) -> Int {
    let fitting = min(384, max(24, tileFloats / max(1, inner)))
    let sharing = max(productTileRows, (pixels + 15) / 16)
    let tile = min(fitting, sharing)
    return (tile + productTileRows - 1) / productTileRows * productTileRows
}

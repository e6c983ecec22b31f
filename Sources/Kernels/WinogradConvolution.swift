/// Patches of a task: enough to read the weight seldom, few enough for their planes to stay in the caches.
/// Where tasks would be fewer than wanted, they take fewer patches, down to half of that.
private let patchesPerTask = 144
/// Where tasks are fewer still, each makes some of the outputs only. Each of them transforms the input anew,
/// so outputs are this many at least.
private let fewTasks = 16
private let fewestOutputs = 128
/// Channels that are transformed at once.
private let channelBlock = 256

extension WinogradWeight {
    /// Whether so many channels can be transformed, eight at a time: the last block has eight at least.
    package static func takes(channels: Int) -> Bool {
        channels % 8 == 0 || (8...channelBlock).contains(channels)
    }
}

/// A convolution with a 3x3 kernel, of any number of frames, stride 1 and any dilation, over the pool.
///
/// With a dilation the image falls into grids of every so many pixels, and each patch lies on one of them.
/// Outputs are a multiple of eight; for channels see ``WinogradWeight/takes(channels:)``. Of several groups of channels each has its own weight.
package func winogradConvolve(
    _ input: UnsafePointer<Float>, _ groups: [WinogradWeight], _ geometry: ConvolutionGeometry,
    into c: UnsafeMutablePointer<Float>, strideC: Int, epilogue: Epilogue
) {
    let corners = PatchCorners(geometry)
    let frames = geometry.output.frames
    let tasksPerFrame = max(
        1, (corners.count + patchesPerTask - 1) / patchesPerTask,
        min(corners.count * 2 / patchesPerTask, ThreadPool.wantedTasks / max(1, frames)))
    let even = (corners.count + tasksPerFrame - 1) / tasksPerFrame
    let perTask = (even + productTileRows - 1) / productTileRows * productTileRows
    let parts = outputParts(of: groups, tasks: frames * tasksPerFrame)
    let zeros = [Float](repeating: 0, count: geometry.channels)
    zeros.withUnsafeBufferPointer { zeros in
        guard let zeros = zeros.baseAddress else { return }
        ThreadPool.shared.run(frames * tasksPerFrame * parts.count) { task in
            let (place, part) = (task / parts.count, parts[task % parts.count])
            let first = min(corners.count, place % tasksPerFrame * perTask)
            var (channel, column) = (0, 0)
            for weight in groups {
                WinogradTask(
                    input: input + channel, zeros: zeros, weight: weight,
                    outputs: part ?? 0..<weight.outputs, geometry: geometry,
                    corners: corners, frame: place / tasksPerFrame,
                    patches: first..<min(corners.count, first + perTask)
                ).run(
                    into: c + column, strideC: strideC, epilogue.advanced(row: 0, column: column))
                channel += weight.channels
                column += weight.outputs
            }
        }
    }
}

/// The outputs of each of the tasks that share the same patches; nil for all of them.
private func outputParts(of groups: [WinogradWeight], tasks: Int) -> [Range<Int>?] {
    guard groups.count == 1, tasks > 0, tasks < fewTasks else { return [nil] }
    let outputs = groups[0].outputs
    let wanted = min(outputs / fewestOutputs, (fewTasks + tasks - 1) / tasks)
    guard wanted > 1 else { return [nil] }
    // Panels are worked on in pairs where vectors are wide.
    let pair = 2 * PackedPanels.width
    let size = (outputs + wanted * pair - 1) / (wanted * pair) * pair
    return stride(from: 0, to: outputs, by: size).map { $0..<min(outputs, $0 + size) }
}

/// Where the 2x2 patches of a frame of the result have their upper left pixels.
private struct PatchCorners {
    private let rows: [Int]
    private let columns: [Int]

    init(_ geometry: ConvolutionGeometry) {
        rows = Self.starts(geometry.output.height, dilation: geometry.dilation.height)
        columns = Self.starts(geometry.output.width, dilation: geometry.dilation.width)
    }

    var count: Int { rows.count * columns.count }

    @inline(__always)
    subscript(patch: Int) -> (row: Int, column: Int) {
        (rows[patch / columns.count], columns[patch % columns.count])
    }

    /// Every second index of each of the `dilation` grids.
    private static func starts(_ length: Int, dilation: Int) -> [Int] {
        (0..<dilation).flatMap { Array(stride(from: $0, to: length, by: 2 * dilation)) }
    }
}

/// Some patches of one frame: transform, sixteen products, transform back.
private struct WinogradTask {
    let input: UnsafePointer<Float>
    let zeros: UnsafePointer<Float>
    let weight: WinogradWeight
    let outputs: Range<Int>
    let geometry: ConvolutionGeometry
    let corners: PatchCorners
    let frame: Int
    let patches: Range<Int>

    /// Whether the weight is that of some of the channels only.
    private var isGroup: Bool { weight.channels < geometry.channels }

    func run(into c: UnsafeMutablePointer<Float>, strideC: Int, _ epilogue: Epilogue) {
        guard !patches.isEmpty else { return }
        let blocks = max(1, (weight.channels + channelBlock - 1) / channelBlock)
        let block = ((weight.channels + blocks - 1) / blocks + 7) / 8 * 8
        // A line more than the planes need, so that they do not all fall on the same sets of the cache.
        let inputPlane = patches.count * block + 16
        let outputPlane = patches.count * outputs.count + 16
        let floats = WinogradWeight.points * (inputPlane + outputPlane)
        withScratch(floats: floats) { transformed in
            let products = transformed + WinogradWeight.points * inputPlane

            var part = Epilogue()
            for tap in framesInside() {
                var channel = 0
                while channel < weight.channels {
                    let count = min(block, weight.channels - channel)
                    transform(
                        frame: inputFrame(tap), channels: channel..<channel + count,
                        into: transformed, planeStride: inputPlane)
                    let begin = tap * weight.channels + channel
                    for point in 0..<WinogradWeight.points {
                        packedProduct(
                            rows: 0..<patches.count, columns: outputs,
                            inner: begin..<begin + count, transformed + point * inputPlane,
                            strideA: count, weight.planes[point],
                            into: products + point * outputPlane - outputs.lowerBound,
                            strideC: outputs.count, epilogue: part)
                    }
                    part.accumulate = true
                    channel += count
                }
            }
            if !part.accumulate {
                clearFloats(products, count: WinogradWeight.points * outputPlane)
            }
            finish(
                products, planeStride: outputPlane, into: c + outputs.lowerBound, strideC: strideC,
                epilogue.advanced(row: 0, column: outputs.lowerBound))
        }
    }

    /// The frames of the kernel that lie inside the clip.
    private func framesInside() -> [Int] {
        (0..<weight.frames).filter { (0..<geometry.input.frames).contains(inputFrame($0)) }
    }

    private func inputFrame(_ tap: Int) -> Int {
        frame &- geometry.padding.frames &+ tap &* geometry.dilation.frames
    }

    private func transform(
        frame: Int, channels: Range<Int>, into target: UnsafeMutablePointer<Float>, planeStride: Int
    ) {
        let size = geometry.input
        let step = (row: geometry.dilation.height, column: geometry.dilation.width)
        let image = input + frame &* size.height &* size.width &* geometry.channels
        withUnsafeTemporaryAllocation(
            of: UnsafePointer<Float>.self, capacity: WinogradWeight.points
        ) { pixels in
            guard let pixels = pixels.baseAddress else { return }
            for patch in patches {
                let corner = corners[patch]
                for row in 0..<4 {
                    let y = corner.row &- geometry.padding.height &+ row &* step.row
                    for column in 0..<4 {
                        let x = corner.column &- geometry.padding.width &+ column &* step.column
                        let isInside = y >= 0 && y < size.height && x >= 0 && x < size.width
                        pixels[4 &* row &+ column] =
                            isInside
                            ? image
                                + ((y &* size.width &+ x) &* geometry.channels
                                    &+ channels.lowerBound) : zeros
                    }
                }
                if isGroup { callNextGroup(pixels, channels: channels.count) }
                transformPatch(
                    pixels, channels: channels.count,
                    into: target + (patch &- patches.lowerBound) &* channels.count,
                    planeStride: planeStride)
            }
        }
    }

    /// Has the next group's share of the patch come into the second cache, where neighbouring pixels are too far apart for
    /// the machine to guess. The patch's left half was called with the patch before.
    private func callNextGroup(_ pixels: UnsafePointer<UnsafePointer<Float>>, channels: Int) {
        for row in 0..<4 {
            for column in 2..<4 {
                let pixel = pixels[4 &* row &+ column]
                guard pixel != zeros else { continue }
                callAhead(pixel + channels, count: channels)
            }
        }
    }

    private func finish(
        _ products: UnsafePointer<Float>, planeStride: Int, into c: UnsafeMutablePointer<Float>,
        strideC: Int, _ epilogue: Epilogue
    ) {
        let size = geometry.output
        let step = (row: geometry.dilation.height, column: geometry.dilation.width)
        for patch in patches {
            let (row, column) = corners[patch]
            let hasRight = column &+ step.column < size.width
            let hasLower = row &+ step.row < size.height
            let first = (frame &* size.height &+ row) &* size.width &+ column
            let below = first &+ step.row &* size.width
            finishPatch(
                products + (patch &- patches.lowerBound) &* outputs.count,
                planeStride: planeStride, columns: outputs.count,
                pixels: (
                    first, hasRight ? first &+ step.column : -1, hasLower ? below : -1,
                    hasRight && hasLower ? below &+ step.column : -1
                ), into: c, strideC: strideC, epilogue)
        }
    }
}

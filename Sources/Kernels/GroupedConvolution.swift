/// A convolution's weight in groups of channels that do not see each other, all in one matrix.
///
/// The inner index runs over kernel columns, then rows, then the channels of a group. A panel of sixteen
/// outputs belongs to one group, or to two of eight outputs each.
package struct GroupedWeight: Sendable {
    let panels: PackedPanels
    let groups: Int
    /// Channels that go into a group.
    let channels: Int
    /// Channels that come out of a group: 8 or a multiple of 16.
    let outputs: Int

    /// Whether groups of so many outputs fill panels.
    package static func fits(groups: Int, outputs: Int) -> Bool {
        outputs % 16 == 0 || (outputs == 8 && groups % 2 == 0)
    }

    /// Packs a dense weight `[groups * outputs, kernel columns, kernel rows, channels]`.
    package init(
        _ weight: UnsafePointer<Float>, groups: Int, outputs: Int, taps: Int, channels: Int
    ) {
        panels = PackedPanels(
            weight: weight, columns: groups * outputs, inner: taps * channels,
            columnStride: taps * channels, innerStride: 1)
        self.groups = groups
        self.channels = channels
        self.outputs = outputs
    }

    /// Groups that are worked on together: those of a panel.
    var groupsTogether: Int { outputs == 8 ? 2 : 1 }
}

/// Output pixels of a task: enough for a group's weight to be read from afar seldom.
private let pixelsPerTask = 144

/// A grouped convolution over images, over the pool. The kernel has one frame.
///
/// Of each row of the result, and for one group at a time, the input is copied to a strip: for each of
/// its columns the rows that the kernel covers, one below the other. An output pixel's patch is then a
/// run of the strip, and those of neighbours overlap: nothing is copied for every tap.
package func groupedConvolve(
    _ input: UnsafePointer<Float>, _ weight: GroupedWeight, _ geometry: ConvolutionGeometry,
    into c: UnsafeMutablePointer<Float>, epilogue: Epilogue
) {
    let output = geometry.output
    let rows = min(output.height, max(1, pixelsPerTask / max(1, output.width)))
    let perFrame = (output.height + rows - 1) / rows
    let strip = ChannelStrip(geometry, channels: weight.channels * weight.groupsTogether)
    let strideC = weight.groups * weight.outputs
    let count = output.frames * output.height * output.width * strideC
    let epilogue = epilogue.streaming(inner: weight.panels.inner, count: count, c, strideC)
    ThreadPool.shared.run(output.frames * perFrame) { task in
        let first = task % perFrame * rows
        withScratch(floats: strip.floats) { scratch in
            for group in stride(from: 0, to: weight.groups, by: weight.groupsTogether) {
                for row in first..<min(output.height, first + rows) {
                    let line = task / perFrame * output.height + row
                    strip.gather(
                        input + group * weight.channels, frame: task / perFrame, row: row,
                        into: scratch)
                    weight.multiply(
                        scratch, pixels: output.width, stride: strip.pixelStride, group: group,
                        into: c + line * output.width * strideC, strideC: strideC,
                        epilogue: epilogue.advanced(row: line * output.width, column: 0))
                }
            }
        }
    }
}

/// The part of the input below one row of the result, for some neighbouring channels:
/// `[columns][kernel rows][channels]`.
private struct ChannelStrip {
    let geometry: ConvolutionGeometry
    let channels: Int

    init(_ geometry: ConvolutionGeometry, channels: Int) {
        self.geometry = geometry
        self.channels = channels
    }

    /// Whether the taps of a kernel row are neighbours, so that patches may overlap.
    private var overlaps: Bool { geometry.dilation.width == 1 }

    private var columns: Int {
        overlaps
            ? (geometry.output.width - 1) * geometry.stride.width + geometry.kernel.width
            : geometry.output.width * geometry.kernel.width
    }

    var floats: Int { columns * geometry.kernel.height * channels }

    /// Floats from one output pixel's patch to the next one's.
    var pixelStride: Int {
        (overlaps ? geometry.stride.width : geometry.kernel.width) * geometry.kernel.height
            * channels
    }

    func gather(
        _ input: UnsafePointer<Float>, frame: Int, row: Int, into strip: UnsafeMutablePointer<Float>
    ) {
        let (size, kernel) = (geometry.input, geometry.kernel)
        let step = kernel.height &* channels
        for kernelRow in 0..<kernel.height {
            let y =
                row &* geometry.stride.height &+ kernelRow &* geometry.dilation.height
                &- geometry.padding.height
            var target = strip + kernelRow &* channels
            let isInside = y >= 0 && y < size.height
            let line = input + (frame &* size.height &+ y) &* size.width &* geometry.channels
            for column in 0..<columns {
                let x =
                    overlaps
                    ? column &- geometry.padding.width
                    : column / kernel.width &* geometry.stride.width
                        &+ column % kernel.width &* geometry.dilation.width
                        &- geometry.padding.width
                if isInside && x >= 0 && x < size.width {
                    let source = line + x &* geometry.channels
                    copyFloats(source, to: target, count: channels)
                    callAhead(source + channels, count: channels)
                } else {
                    clearFloats(target, count: channels)
                }
                target += step
            }
        }
    }
}

extension GroupedWeight {
    /// The product of a strip's patches with the weight of `group` and those worked on with it.
    fileprivate func multiply(
        _ strip: UnsafePointer<Float>, pixels: Int, stride: Int, group: Int,
        into c: UnsafeMutablePointer<Float>, strideC: Int, epilogue: Epilogue
    ) {
        let column = group &* outputs
        guard groupsTogether == 2 else {
            packedProduct(
                rows: 0..<pixels, columns: column..<column &+ outputs, inner: 0..<panels.inner,
                strip, strideA: stride, panels, into: c, strideC: strideC, epilogue: epilogue)
            return
        }
        let panel =
            panels.panels + column / PackedPanels.width &* panels.inner &* PackedPanels.width
        var pixel = 0
        while pixel < pixels {
            let count = min(productTileRows, pixels &- pixel)
            pairTile(
                anyRows: count, taps: panels.inner / channels, channels: channels,
                strip + pixel &* stride, stride, panel, c + (pixel &* strideC &+ column), strideC,
                epilogue.advanced(row: pixel, column: column))
            pixel &+= count
        }
    }
}

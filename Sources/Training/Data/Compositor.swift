/// A frame as it is made: layers, one over the other.
struct Compositor {
    let width: Int
    let height: Int

    /// Red, green and blue, and how much of the pixel is an object, each 0 to 1.
    private(set) var pixels: [SIMD4<Float>]
    private var layer: [SIMD4<Float>]
    private let warp: Warp

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        pixels = [SIMD4<Float>](repeating: .zero, count: width * height)
        layer = pixels
        warp = Warp(width: width, height: height)
    }

    /// Lays a layer over what is there.
    ///
    /// - Parameters:
    ///   - frame: chooses the layer's picture.
    ///   - time: frames from the clip's middle.
    mutating func lay(_ layer: Layer, frame: Int, time: Float) {
        clear()
        let picture = layer.picture(frame)
        self.layer.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            for moment in 0..<layer.moments {
                let part = (Float(moment) + 0.5) / Float(layer.moments) - 0.5
                let time = time + layer.shutter * part
                warp.add(
                    picture, repeats: layer.role == .background,
                    share: 1 / Float(layer.moments), into: start
                ) { layer.source(at: $0, time: time) }
            }
        }
        mix(layer.role, gain: SIMD4(layer.gain, 1))
    }

    private mutating func clear() {
        layer.withUnsafeMutableBufferPointer { $0.update(repeating: .zero) }
    }

    private mutating func mix(_ role: Layer.Role, gain: SIMD4<Float>) {
        let object: Float = role == .object ? 1 : 0
        pixels.withUnsafeMutableBufferPointer { pixels in
            layer.withUnsafeBufferPointer { layer in
                guard role != .background else {
                    for index in layer.indices { pixels[index] = layer[index] * gain }
                    return
                }
                for index in layer.indices {
                    let cover = layer[index].w
                    guard cover > 0 else { continue }
                    var top = layer[index] * gain
                    top.w = cover * object
                    pixels[index] = top + pixels[index] * (1 - cover)
                }
            }
        }
    }

    /// Blurs the colours, `times` times with the weights 1, 2, 1.
    mutating func blur(times: Int) {
        let count = width * height
        for _ in 0..<times {
            pixels.withUnsafeMutableBufferPointer { pixels in
                layer.withUnsafeMutableBufferPointer { rows in
                    for y in 0..<height {
                        let line = y * width
                        for x in 0..<width {
                            let left = pixels[line + max(x - 1, 0)]
                            let right = pixels[line + min(x + 1, width - 1)]
                            rows[line + x] = (left + right) * 0.25 + pixels[line + x] * 0.5
                        }
                    }
                    for at in 0..<count {
                        let above = rows[at >= width ? at - width : at]
                        let below = rows[at + width < count ? at + width : at]
                        var value = (above + below) * 0.25 + rows[at] * 0.5
                        value.w = pixels[at].w
                        pixels[at] = value
                    }
                }
            }
        }
    }

    /// Writes 1 where most of a pixel is an object, else 0.
    func writeMask(to result: UnsafeMutablePointer<Float>) {
        pixels.withUnsafeBufferPointer { pixels in
            for index in pixels.indices { result[index] = pixels[index].w > 0.5 ? 1 : 0 }
        }
    }
}

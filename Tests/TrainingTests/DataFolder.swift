import Foundation
import Media
import Tensor
import TestSupport

/// A folder of made-up training data that is removed with its owner.
final class DataFolder {
    let path: String

    init() throws {
        path = "\(NSTemporaryDirectory())training-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A picture of one colour with a red rectangle, the object, and its mask.
    func addStill(
        _ name: String, in folder: String, width: Int = 96, height: Int = 64, left: Int = 30,
        object: UInt8 = 255, maskWidth: Int? = nil
    ) throws {
        try add(
            image: "\(folder)/images/\(name).png", mask: "\(folder)/masks/\(name).png",
            width, height, left: left, object, maskWidth: maskWidth ?? width)
    }

    /// A sequence whose object moves by two pixels a frame.
    func addVideo(
        _ name: String, in folder: String, frames: Int, resolution: String = "",
        object: UInt8 = 255
    ) throws {
        for frame in 0..<frames {
            let place = "\(resolution)\(name)/\(10000 + frame)"
            try add(
                image: "\(folder)/JPEGImages/\(place).png",
                mask: "\(folder)/Annotations/\(place).png", 120, 80, left: 20 + 2 * frame, object,
                maskWidth: 120)
        }
    }

    /// Pixels of an object are red, all others have no red.
    private func add(
        image: String, mask: String, _ width: Int, _ height: Int, left: Int, _ object: UInt8,
        maskWidth: Int
    ) throws {
        var colours: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let isObject = (left..<left + 30).contains(x) && (16..<44).contains(y)
                colours += isObject ? [255, 40, 40] : [0, UInt8(60 + x % 60), 120]
            }
        }
        var labels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<maskWidth {
                labels.append(
                    (left..<left + 30).contains(x) && (16..<44).contains(y) ? object : 0)
            }
        }
        try write(
            PNG.encode(rgb: Tensor(colours, shape: [height, width, 3])), to: image)
        try write(
            PNG.encode(gray: Tensor(labels, shape: [height, maskWidth])), to: mask)
    }

    func write(_ bytes: [UInt8], to file: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(file)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func remove(_ file: String) throws {
        try FileManager.default.removeItem(atPath: "\(path)/\(file)")
    }
}

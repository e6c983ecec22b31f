import FileAccess
import Foundation
import Masks
import Media
import Synchronization
import Tensor

/// Writes each object as a folder of masks, white on black, one for each frame of the video: black where the
/// object is not seen.
final class ObjectWriter: ResultWriter {
    private let folder: String
    private let tracks = Mutex<[Int]>([])

    init(folder: String) {
        self.folder = folder
    }

    func begin(_ video: VideoResult) throws {
        for track in video.tracks { try OutputFolder.make("\(folder)/\(track)") }
        tracks.withLock { $0 = video.tracks }
    }

    func write(_ result: FrameResult) throws {
        let masks = Dictionary(
            (result.instances ?? []).map { ($0.track, $0.mask) }, uniquingKeysWith: { $1 })
        for track in tracks.withLock({ $0 }) {
            var image = Tensor<UInt8>(repeating: 0, shape: result.labels.shape)
            masks[track]?.paint(255, on: &image)
            try ImageFile.write(gray: image, to: "\(folder)/\(track)/\(result.name).png")
        }
    }

    func discard() {
        OutputFolder.removeEmpty(tracks.withLock { $0 }.map { "\(folder)/\($0)" })
    }
}

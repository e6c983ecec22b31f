import Models
import Tensor

/// What a model that finds objects says about a whole video.
struct VideoResult: Sendable {
    /// The index in the input and the name of one frame.
    struct FrameName: Sendable {
        let index: Int
        let name: String
    }

    let instances: VideoInstances

    /// The frames that the masks are of.
    let frames: [FrameName]

    /// The objects that are shown, as their best category, the surest first.
    private let shown: [(track: VideoInstances.Track, category: Int, name: String?, score: Float)]

    /// - Parameter names: the names of categories, by id.
    init(_ instances: VideoInstances, frames: [FrameName], names: [Int: String]) {
        self.instances = instances
        self.frames = frames
        var best: [Int: VideoInstances.Entry] = [:]
        for entry in instances.entries {
            if let other = best[entry.track], other.score >= entry.score { continue }
            best[entry.track] = entry
        }
        // Equal scores: in the order of the objects, so that equal runs give equal pictures.
        shown = best.values.sorted { ($1.score, $0.track) < ($0.score, $1.track) }.map { entry in
            (instances.tracks[entry.track], entry.category, names[entry.category], entry.score)
        }
    }

    /// The numbers of the objects that are shown.
    var tracks: [Int] { shown.map(\.track.id) }

    /// What is on the frame at `position` among ``frames``.
    func frame(_ position: Int, image: Tensor<UInt8>?) -> FrameResult {
        let present = shown.compactMap { object -> FrameInstance? in
            guard let mask = object.track.masks[position], !mask.isEmpty else { return nil }
            return FrameInstance(
                track: object.track.id, category: object.category, name: object.name,
                score: object.score, mask: mask)
        }
        return FrameResult(
            index: frames[position].index, name: frames[position].name, image: image,
            instances: present, height: instances.height, width: instances.width)
    }
}

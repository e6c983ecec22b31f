import Media

/// A video with panoptic ground truth and prediction: what both say of its frames, and where the images are.
struct PanopticVideo: Sendable {
    /// One frame.
    struct Frame: Sendable {
        let truth: [PanopticAnnotations.Segment]
        let prediction: [PanopticAnnotations.Segment]
        let truthImage: String
        let predictionImage: String

        /// The pixels of each pair of ids.
        func pairs() throws -> PairCounts {
            try PairCounts(
                truth: truthImage, prediction: predictionImage, id: PairCounts.panopticID)
        }
    }

    let name: String
    let frames: [Frame]

    /// The videos of VIPSeg: `panomasksRGB/VIDEO/FRAME.png` beside the annotation file, `pan_pred/VIDEO/FRAME.png` beside
    /// the predictions' `pred.json`.
    static func vipSeg(
        _ truth: PanopticAnnotations, _ prediction: PanopticAnnotations, predictions: String
    ) throws -> [PanopticVideo] {
        let images = try folder(
            of: truth.path, among: ["panomasksRGB", "panoptic_video"])
        var problems: [String] = []
        let videos = truth.videos.compactMap { video -> PanopticVideo? in
            guard let frames = prediction.frames(of: video.id) else {
                problems.append("\(prediction.path): the video \(video.id) is missing")
                return nil
            }
            guard video.images.count == video.frames.count, frames.count == video.frames.count
            else {
                problems.append(
                    "\(prediction.path): the video \(video.id) has \(frames.count) annotated frames, in the ground "
                        + "truth \(video.frames.count), with \(video.images.count) images")
                return nil
            }
            return PanopticVideo(
                name: video.id,
                frames: video.images.indices.map { index in
                    let file = video.images[index].file
                    return Frame(
                        truth: video.frames[index].segments,
                        prediction: frames[index].segments,
                        truthImage: "\(images)/\(video.id)/\(file)",
                        predictionImage: "\(predictions)/pan_pred/\(video.id)/\(file)")
                })
        }
        try require(videos, problems, path: truth.path)
        return videos
    }

    /// The videos of Cityscapes-VPS: groups of six frames of one list.
    static func cityscapes(
        _ truth: PanopticAnnotations, _ prediction: PanopticAnnotations, predictions: String
    ) throws -> [PanopticVideo] {
        let images = try folder(
            of: truth.path, among: ["panoptic_video", "val/panoptic_video", "test/panoptic_video"])
        guard let all = truth.videos.first, all.id.isEmpty, let given = prediction.videos.first
        else {
            throw EvaluationError(
                .badData, "\(truth.path): a list of images and annotations of frames is expected")
        }
        guard all.images.count == all.frames.count, given.frames.count == all.frames.count else {
            throw EvaluationError(
                .badData,
                "\(prediction.path): it annotates \(given.frames.count) frames, the ground truth "
                    + "\(all.frames.count) and \(all.images.count) images")
        }
        var problems: [String] = []
        let frames = all.images.indices.map { index in
            let image = all.images[index]
            // The official code pairs by place alone; entries that say otherwise would be scored against others.
            for (path, frame) in [
                (truth.path, all.frames[index]), (prediction.path, given.frames[index]),
            ] {
                if let id = frame.image, id != image.id {
                    problems.append(
                        "\(path): annotations[\(index)] is of the image \(id), but the ground truth's images[\(index)] is \(image.id)"
                    )
                }
            }
            let file = image.file.replacing("_newImg8bit.png", with: "_final_mask.png")
                .replacing("_leftImg8bit.png", with: "_gtFine_color.png")
            return Frame(
                truth: all.frames[index].segments, prediction: given.frames[index].segments,
                truthImage: "\(images)/\(file)",
                predictionImage: "\(predictions)/pan_pred/\(image.id).png")
        }
        let videos = groups(frames).enumerated().map { PanopticVideo(name: "\($0)", frames: $1) }
        try require(videos, problems, path: truth.path)
        return videos
    }

    /// `numpy.array_split` into a sixth as many groups: the first ones take one more where it does not come out even.
    private static func groups(_ frames: [Frame]) -> [[Frame]] {
        let count = frames.count / 6
        guard count > 0 else { return [] }
        let (size, rest) = frames.count.quotientAndRemainder(dividingBy: count)
        var start = 0
        return (0..<count).map { index in
            let end = start + size + (index < rest ? 1 : 0)
            defer { start = end }
            return Array(frames[start..<end])
        }
    }

    private static func require(
        _ videos: [PanopticVideo], _ problems: [String], path: String
    ) throws {
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        guard !videos.isEmpty else {
            throw EvaluationError(.badData, "\(path): there is no video in it to be scored")
        }
        let missing = videos.flatMap(\.frames).flatMap { [$0.truthImage, $0.predictionImage] }
            .filter { !FolderListing.exists($0) }.map { "\($0): this image is missing" }
        guard missing.isEmpty else { throw EvaluationError(problems: missing) }
    }

    /// The folder of images beside an annotation file.
    private static func folder(of path: String, among names: [String]) throws -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let parent = parts.isEmpty ? "." : parts.joined(separator: "/")
        guard let name = names.first(where: { FolderListing.isFolder("\(parent)/\($0)") }) else {
            throw EvaluationError(
                .missingInput,
                "\(path): beside it there is no folder \(names.joined(separator: " or ")) of the true masks"
            )
        }
        return "\(parent)/\(name)"
    }
}

/// Where training clips come from and how they are varied.
public struct DataConfiguration: Sendable, Hashable, Codable {
    /// A folder of videos or of pictures.
    public struct Source: Sendable, Hashable, Codable {
        /// Its path from the data's folder; `.` for that folder itself.
        public var path: String
        /// How often it is drawn from, relative to the others.
        public var weight: Double

        /// A folder that is drawn from with this weight.
        public init(path: String, weight: Double = 1) {
            self.path = path
            self.weight = weight
        }

        private enum CodingKeys: String, CodingKey, CaseIterable { case path, weight }

        /// Reads a source; its weight is 1 where none is given.
        public init(from decoder: any Decoder) throws {
            try decoder.refuseKeys(besides: CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            path = try values.decode(String.self, forKey: .path)
            weight = try values.decodeIfPresent(Double.self, forKey: .weight) ?? 1
        }
    }

    /// The folders; every one that is found, where none is named: videos then weigh as much as pictures.
    public var sources: [Source] = []

    /// The one value of the masks that counts as an object; `nil` where all but 0 do.
    public var object: UInt8?

    /// The height of the clips that the model sees.
    public var height = 224

    /// Their width.
    public var width = 384

    /// The largest number of frames from one of a clip to the next.
    public var temporalStride = 5

    /// The same of pictures set in motion: their clips show every frame, or fewer, as those of videos do.
    public var pictureStride = 1

    /// The smallest and largest share of a video's frame that a clip shows, as lengths of sides.
    public var zoom: [Double] = [0.5, 1.1]

    /// How often a picture's object is cut out and moves over its background by itself.
    public var cutOuts = 0.6

    /// How often such an object moves over another picture.
    public var foreignBackgrounds = 0.5

    /// How often objects of pictures move into a clip besides, the clip of a video included.
    public var pasting = 0.25

    /// How often things of the objects' kinds, or of their colours, lie still behind objects that move: only what
    /// moves counts then.
    public var bystanders = 0.0

    /// How often the camera rests in the clip of a picture whose objects move by themselves: what changes
    /// between the frames is then what counts.
    public var stillCameras = 0.0

    /// How often all frames of a clip show the same moment: looks alone then tell what counts, as in a picture.
    /// Not where there are bystanders, whose rest tells them apart.
    public var stops = 0.0

    /// How often something that is no object lies before or behind the objects.
    public var occlusion = 0.25

    /// How often a moving layer is blurred along its way.
    public var motionBlur = 0.15

    /// How often colours are varied.
    public var colour = 0.8

    /// How often a clip is gray.
    public var gray = 0.05

    /// How often there is noise.
    public var noise = 0.3

    /// How often a clip is blurred.
    public var blur = 0.15

    /// How often a clip is mirrored.
    public var mirrored = 0.5

    /// All sources, usual variations.
    public init() {}

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case sources, object, height, width
        case temporalStride = "temporal_stride"
        case pictureStride = "picture_stride"
        case zoom
        case cutOuts = "cut_outs"
        case foreignBackgrounds = "foreign_backgrounds"
        case pasting, bystanders
        case stillCameras = "still_cameras"
        case stops, occlusion
        case motionBlur = "motion_blur"
        case colour, gray, noise, blur, mirrored
    }

    /// Reads what is given over the usual values.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.sources, into: &sources)
        object = try values.decodeIfPresent(UInt8.self, forKey: .object)
        try read(.height, into: &height)
        try read(.width, into: &width)
        try read(.temporalStride, into: &temporalStride)
        try read(.pictureStride, into: &pictureStride)
        try read(.zoom, into: &zoom)
        try read(.cutOuts, into: &cutOuts)
        try read(.foreignBackgrounds, into: &foreignBackgrounds)
        try read(.pasting, into: &pasting)
        try read(.bystanders, into: &bystanders)
        try read(.stillCameras, into: &stillCameras)
        try read(.stops, into: &stops)
        try read(.occlusion, into: &occlusion)
        try read(.motionBlur, into: &motionBlur)
        try read(.colour, into: &colour)
        try read(.gray, into: &gray)
        try read(.noise, into: &noise)
        try read(.blur, into: &blur)
        try read(.mirrored, into: &mirrored)
        try validate()
    }

    private func validate() throws {
        func require(_ condition: Bool, _ option: CodingKeys, _ found: Any, _ expected: String)
            throws
        {
            guard condition else {
                throw TrainingError.configuration(
                    option: "data.\(option.rawValue)", found: "\(found)", expected: expected)
            }
        }
        try require(
            sources.allSatisfy { $0.weight > 0 && $0.weight.isFinite }, .sources,
            sources.map(\.weight), "weights above 0")
        try require(object != 0, .object, 0, "1 to 255")
        try require((32...2048).contains(height), .height, height, "32 to 2048")
        try require((32...2048).contains(width), .width, width, "32 to 2048")
        try require((1...100).contains(temporalStride), .temporalStride, temporalStride, "1 to 100")
        try require((1...100).contains(pictureStride), .pictureStride, pictureStride, "1 to 100")
        try require(
            zoom.count == 2 && zoom[0] >= 0.1 && zoom[0] <= zoom[1] && zoom[1] <= 4, .zoom, zoom,
            "two numbers from 0.1 to 4, the smaller first")
        for (option, value) in [
            (CodingKeys.cutOuts, cutOuts), (.foreignBackgrounds, foreignBackgrounds),
            (.pasting, pasting), (.bystanders, bystanders), (.stillCameras, stillCameras),
            (.stops, stops), (.occlusion, occlusion), (.motionBlur, motionBlur),
            (.colour, colour), (.gray, gray), (.noise, noise), (.blur, blur),
            (.mirrored, mirrored),
        ] {
            try require((0...1).contains(value), option, value, "0 to 1")
        }
    }
}

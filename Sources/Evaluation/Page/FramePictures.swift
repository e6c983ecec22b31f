import Media
import Tensor

/// The pictures of one frame: the image, the prediction over it, the truth over it, the difference of both.
struct FramePictures {
    /// A picture with its caption.
    struct Picture {
        let caption: String
        let data: String
    }

    let pictures: [Picture]

    init(_ frame: ReportSequence.Frame, comparesObjects: Bool, width: Int) throws {
        let given = try LabelMap(path: frame.prediction)
        let prediction = Self.labels(given, comparesObjects)
        let image = try frame.readImage(height: prediction.shape[0], width: prediction.shape[1])
        let overlay = Overlay(palette: .vivid, opacity: 0.5)
        var pictures: [(String, Tensor<UInt8>)] = []
        if let image { pictures.append(("frame", image)) }
        let ground = image ?? Self.plain(prediction.shape)
        pictures.append(("prediction", overlay.painted(prediction, over: ground)))
        if let path = frame.groundTruth {
            let map = try LabelMap(path: path)
            try given.requireSize(of: map)
            let truth = Self.labels(map, comparesObjects, void: 255)
            pictures.append(("truth", overlay.painted(truth, over: ground)))
            pictures.append(
                ("difference", maskDifference(prediction, truth, over: ground)))
        }
        self.pictures = try pictures.map { caption, picture in
            Picture(caption: caption, data: try Self.data(picture, width: width))
        }
    }

    /// Object ids, void for background; or 1 for every object where ids are not compared.
    private static func labels(
        _ map: LabelMap, _ comparesObjects: Bool, void: UInt8 = 0
    ) -> Tensor<UInt8> {
        map.labels.withUnsafeBuffer { labels in
            Tensor(shape: map.labels.shape) { target in
                for pixel in target.indices {
                    let label = labels[pixel]
                    target[pixel] = comparesObjects ? (label == void ? 0 : label) : min(label, 1)
                }
            }
        }
    }

    private static func plain(_ shape: [Int]) -> Tensor<UInt8> {
        Tensor(shape: [shape[0], shape[1], 3]) { $0.initialize(repeating: 44) }
    }

    /// A picture no wider than `width`, for a page.
    static func data(_ picture: Tensor<UInt8>, width: Int) throws -> String {
        let (height, fullWidth) = (picture.shape[0], picture.shape[1])
        let small =
            fullWidth <= width
            ? picture
            : resizedPillow(
                picture, height: max(1, (height * width + fullWidth / 2) / fullWidth), width: width)
        return dataAddress(jpeg: try JPEG.encode(rgb: small, quality: 78))
    }
}

extension ReportSequence.Frame {
    /// The image at the mask's size; nil where there is none.
    func readImage(height: Int, width: Int) throws -> Tensor<UInt8>? {
        guard let found = try picture ?? image.map(ImageFile.read) else { return nil }
        // Masks may be written at another size than that of the images they are shown over.
        guard found.shape[0] != height || found.shape[1] != width else { return found }
        return resizedPillow(found, height: height, width: width)
    }
}

extension Palette {
    /// Colours that stand out from an image, each of many objects in one of twelve.
    static let vivid: Palette = {
        let colours: [(UInt8, UInt8, UInt8)] = [
            (255, 48, 120), (0, 200, 255), (255, 200, 0), (120, 90, 255), (90, 230, 60),
            (255, 120, 40), (0, 220, 170), (230, 70, 250), (200, 240, 40), (60, 130, 255),
            (255, 150, 170), (150, 220, 255),
        ]
        return Palette(
            (0..<256).map { index in
                let (red, green, blue) =
                    index == 0 ? (0, 0, 0) : colours[(index - 1) % colours.count]
                return RGB(red: red, green: green, blue: blue)
            })
    }()
}

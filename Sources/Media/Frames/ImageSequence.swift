import FileAccess
import Synchronization

/// Images as frames: one file, or the images of a folder or a list in natural order.
public struct ImageSequence: FrameSource {
    /// The folder, pattern or file that was named.
    public let path: String

    /// The size of every image.
    public let size: ImageSize

    /// The images' files, in order, after the range was applied.
    public let files: [String]

    /// The index of the first file in the whole input.
    private let firstIndex: Int

    /// How many images there are.
    public var expectedCount: Int? { files.count }

    /// Images are counted, not estimated.
    public var countIsExact: Bool { true }

    /// Images have no rate.
    public var frameRate: FrameRate? { nil }

    /// The images among `candidates` in natural order.
    ///
    /// Hidden files and files that are neither images nor named so are passed over. A file named like an
    /// image that is none, images of several sizes, two images with one name (`1.png`, `1.jpg`), and no
    /// image at all are refused: all this is found by reading headers, before any work is done.
    init(_ candidates: [String], path: String, range: FrameRange) throws {
        let sorted = candidates.filter { !Self.fileName($0).hasPrefix(".") }
            .sorted(by: precedesNaturally)
        let images = try sorted.filter { try Self.isFrame($0) }
        guard !images.isEmpty else {
            throw MediaError(
                .missingInput, path, "there is no PNG or JPEG image among \(candidates.count) files"
            )
        }
        let indices = range.indices(of: images.count)
        guard !indices.isEmpty else {
            throw MediaError(
                .missingInput, path,
                "there is no frame \(range.start): the last of \(images.count) is \(images.count - 1)"
            )
        }
        self.path = path
        files = Array(images[indices])
        firstIndex = indices.lowerBound
        size = try Self.commonSize(files)
        try Self.checkNames(files)
    }

    /// The images one after the other.
    public var frames: FrameStream {
        FrameStream {
            let position = Atomic(0)
            return {
                let next = position.wrappingAdd(1, ordering: .relaxed).oldValue
                return next < files.count ? try frame(next) : nil
            }
        }
    }

    /// The last `count` images, read directly.
    public func lastFrames(_ count: Int) async throws -> (frames: [Frame], total: Int) {
        let first = max(0, files.count - count)
        return (try (first..<files.count).map(frame), files.count)
    }

    private func frame(_ position: Int) throws -> Frame {
        let file = files[position]
        let image = try ImageFile.read(file)
        let found = ImageSize(width: image.shape[1], height: image.shape[0])
        guard found == size else { throw Self.mixedSizes(files[0], size, file, found) }
        return Frame(index: firstIndex + position, name: Self.stem(file), image: image)
    }

    private static func isFrame(_ file: String) throws -> Bool {
        let isNamedSo = hasImageExtension(file)
        switch FileEntry(at: file) {
        case .file: break
        case .nothing where isNamedSo:
            throw MediaError(.missingInput, file, "the link leads to no file; mend or remove it")
        default: return false
        }
        // Other files need not even be readable.
        guard isNamedSo else { return (try? ImageFile.format(at: file)) ?? nil != nil }
        guard try ImageFile.format(at: file) != nil else {
            throw MediaError(
                .badData, file,
                "the file is named like an image, but it is neither a PNG nor a JPEG image; mend or "
                    + "remove it")
        }
        return true
    }

    static func hasImageExtension(_ file: String) -> Bool {
        let name = fileName(file)
        guard let dot = name.lastIndex(of: ".") else { return false }
        let ending = name[name.index(after: dot)...].lowercased()
        return ["png", "jpg", "jpeg", "jpe", "jfif"].contains(ending)
    }

    private static func commonSize(_ files: [String]) throws -> ImageSize {
        let first = try ImageFile.size(files[0])
        for file in files.dropFirst() {
            let size = try ImageFile.size(file)
            guard size == first else { throw mixedSizes(files[0], first, file, size) }
        }
        return first
    }

    private static func mixedSizes(
        _ first: String, _ firstSize: ImageSize, _ second: String, _ secondSize: ImageSize
    ) -> MediaError {
        MediaError(
            .badData, second,
            "the image is \(secondSize), but \(printable(first)) is \(firstSize): all frames of a "
                + "sequence must have one size")
    }

    private static func checkNames(_ files: [String]) throws {
        var seen: [String: String] = [:]
        for file in files {
            if let other = seen.updateValue(file, forKey: stem(file)) {
                throw MediaError(
                    .badData, file,
                    "the image has the same name as \(printable(other)), so their masks would too; "
                        + "rename one")
            }
        }
    }

    private static func fileName(_ path: String) -> Substring {
        path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    }

    private static func stem(_ path: String) -> String {
        let name = fileName(path)
        return String(name.lastIndex(of: ".").map { name[..<$0] } ?? name)
    }
}

import Tensor

/// Images by their files' content, whatever their names end with.
public enum ImageFile {
    /// Reads a PNG or JPEG file as RGB, `[height, width, 3]`.
    public static func read(_ path: String) throws -> Tensor<UInt8> {
        let bytes = try FileBytes.read(path)
        return switch try format(bytes, path: path) {
        case .png: try PNG.decode(bytes, path: path)
        case .jpeg: try JPEG.decode(bytes, path: path)
        }
    }

    /// Reads a mask: a PNG file's palette indices or gray levels, `[height, width]`.
    public static func readMask(_ path: String) throws -> Tensor<UInt8> {
        let bytes = try FileBytes.read(path)
        guard try format(bytes, path: path) == .png else {
            throw MediaError(.badData, path, "a mask is a PNG file, this is a JPEG file")
        }
        return try PNG.decodeIndices(bytes, path: path)
    }

    /// Reads gray levels, `[height, width]`: a JPEG file's luma, or a PNG file's levels as ``readMask(_:)`` does.
    public static func readGray(_ path: String) throws -> Tensor<UInt8> {
        let bytes = try FileBytes.read(path)
        return switch try format(bytes, path: path) {
        case .png: try PNG.decodeIndices(bytes, path: path)
        case .jpeg: try JPEG.decodeGray(bytes, path: path)
        }
    }

    /// The formats that are read here.
    enum Format { case png, jpeg }

    /// The size that the image has when it is read, from the beginning of the file where that suffices.
    public static func size(_ path: String) throws -> ImageSize {
        let beginning = try FileBytes.read(path, prefix: 1 << 16)
        if try format(beginning, path: path) == .png { return try PNG.size(beginning, path: path) }
        // A JPEG file may hold any length of metadata before its size.
        if let size = try? JPEG.size(beginning, path: path) { return size }
        return try JPEG.size(FileBytes.read(path), path: path)
    }

    /// The format of the file at `path`, or nil where it is no image that is read here.
    static func format(at path: String) throws -> Format? {
        let beginning = try FileBytes.read(path, prefix: 16)
        return PNG.matches(beginning) ? .png : JPEG.matches(beginning) ? .jpeg : nil
    }

    private static func format(_ bytes: [UInt8], path: String) throws -> Format {
        if PNG.matches(bytes) { return .png }
        if JPEG.matches(bytes) { return .jpeg }
        throw MediaError(
            .badData, path,
            bytes.isEmpty ? "the file is empty" : "this is neither a PNG nor a JPEG image")
    }
}

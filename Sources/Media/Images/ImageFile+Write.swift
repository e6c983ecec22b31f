import FileAccess
import Tensor

extension ImageFile {
    /// Writes an RGB image `[height, width, 3]` as PNG, whole or not at all.
    public static func write(rgb image: Tensor<UInt8>, to path: String) throws {
        try AtomicFile.write(PNG.encode(rgb: image), to: path)
    }

    /// Writes gray levels `[height, width]` as PNG, whole or not at all.
    public static func write(gray image: Tensor<UInt8>, to path: String) throws {
        try AtomicFile.write(PNG.encode(gray: image), to: path)
    }

    /// Writes a mask `[height, width]` as PNG with a palette, whole or not at all: the index is the object's id.
    public static func write(
        indices image: Tensor<UInt8>, palette: Palette = .davis, to path: String
    ) throws {
        try AtomicFile.write(PNG.encode(indices: image, palette: palette), to: path)
    }
}

import CFreeType
import FileAccess
import Synchronization
import Tensor

/// A font that text is drawn with, through FreeType.
public final class Font: Sendable {
    /// FreeType's objects, used by one thread at a time: a face keeps the glyph that it drew last.
    private struct Handles: @unchecked Sendable {
        let library: FT_Library
        let face: FT_Face
    }

    private let handles: Mutex<Handles>

    /// The font in the file at `path`; `nil` where FreeType cannot read one there.
    public init?(path: String) {
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else { return nil }
        var face: FT_Face?
        guard FT_New_Face(library, path, 0, &face) == 0, let face else {
            FT_Done_FreeType(library)
            return nil
        }
        handles = Mutex(Handles(library: library, face: face))
    }

    deinit {
        handles.withLock { handles in
            FT_Done_Face(handles.face)
            FT_Done_FreeType(handles.library)
        }
    }

    /// The sans-serif font of this machine, the first that is there; `nil` where none is.
    public static let system: Font? = candidates.lazy
        .filter { FileEntry(at: $0) == .file }
        .compactMap(Font.init(path:)).first

    /// Where Debian, Fedora, Arch, Alpine and macOS keep such a font.
    private static let candidates = [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
        "/usr/share/fonts/TTF/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
        "/System/Library/Fonts/Helvetica.ttc",
    ]

    /// How much of each pixel `text` covers, `[height, width]` from 0 to 255, one line of `size` pixels
    /// from the highest to the lowest letter of the font.
    ///
    /// Characters that the font lacks are drawn as its box.
    public func coverage(of text: String, size: Int) -> Tensor<UInt8> {
        precondition(size > 0, "coverage: a line of \(size) pixels")
        return handles.withLock { handles in
            let face = handles.face
            guard FT_Set_Pixel_Sizes(face, 0, UInt32(size)) == 0 else {
                return Tensor(zeros: [size, 0])
            }
            // Lengths are in sixty-fourths of a pixel.
            let ascent = face.pointee.size.pointee.metrics.ascender >> 6
            let descent = face.pointee.size.pointee.metrics.descender >> 6
            var line = TextLine(height: max(1, ascent - descent), baseline: ascent)
            for scalar in text.unicodeScalars {
                guard FT_Load_Char(face, FT_ULong(scalar.value), FT_Int32(FT_LOAD_RENDER)) == 0
                else { continue }
                line.append(face.pointee.glyph.pointee)
            }
            return line.coverage
        }
    }
}

/// Glyphs side by side on one baseline.
private struct TextLine {
    let height: Int
    let baseline: Int
    private var glyphs: [(left: Int, top: Int, width: Int, rows: [[UInt8]])] = []
    private var advance = 0

    init(height: Int, baseline: Int) {
        self.height = height
        self.baseline = baseline
    }

    mutating func append(_ slot: FT_GlyphSlotRec) {
        let bitmap = slot.bitmap
        let width = Int(bitmap.width)
        let rows = (0..<Int(bitmap.rows)).map { row in
            (0..<width).map { bitmap.buffer[row * Int(bitmap.pitch) + $0] }
        }
        glyphs.append(
            (advance + Int(slot.bitmap_left), baseline - Int(slot.bitmap_top), width, rows))
        advance += slot.advance.x >> 6
    }

    var coverage: Tensor<UInt8> {
        let width = max(advance, glyphs.map { $0.left + $0.width }.max() ?? 0)
        var pixels = [UInt8](repeating: 0, count: height * width)
        for glyph in glyphs {
            for (offset, row) in glyph.rows.enumerated() {
                let y = glyph.top + offset
                guard (0..<height).contains(y) else { continue }
                for (column, level) in row.enumerated() {
                    let x = glyph.left + column
                    guard (0..<width).contains(x) else { continue }
                    pixels[y * width + x] = max(pixels[y * width + x], level)
                }
            }
        }
        return Tensor(pixels, shape: [height, width])
    }
}

/// Walks over pixels in row-major order and knows frame, row and column without divisions.
struct PixelCursor {
    private(set) var frame: Int
    private(set) var row: Int
    private(set) var column: Int
    private let extent: Extent

    init(_ pixel: Int, of extent: Extent) {
        self.extent = extent
        column = pixel % extent.width
        row = pixel / extent.width % extent.height
        frame = pixel / (extent.width * extent.height)
    }

    @inline(__always)
    mutating func advance() {
        column &+= 1
        guard column == extent.width else { return }
        column = 0
        row &+= 1
        guard row == extent.height else { return }
        row = 0
        frame &+= 1
    }
}

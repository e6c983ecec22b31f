/// What a `.pth` file holds before a state dictionary is looked for in it: the pickled value and where
/// each storage's bytes are.
struct TorchContainer {
    /// Where a storage's bytes begin in the file.
    struct Location {
        let start: Int
        /// The zip member to check before use; nil where there is no checksum.
        let member: ZipArchive.Member?
    }

    let root: PickleValue
    let heap: PickleHeap
    /// By the storage's index in the heap.
    let locations: [Location]
    let archive: ZipArchive?

    /// The longest pickle that is read: descriptions of tensors take a few hundred bytes each.
    static let mostPickleBytes = 128 << 20

    /// Reads the zip or the older format, as the first bytes tell.
    init(_ file: CheckpointFile) throws {
        let start = try file.bytes(at: 0, count: min(4, file.count))
        self =
            start == [0x50, 0x4B, 3, 4]
            ? try TorchContainer(zip: file) : try TorchContainer(legacy: file)
    }

    init(
        root: PickleValue, heap: PickleHeap, locations: [Location], archive: ZipArchive?
    ) {
        self.root = root
        self.heap = heap
        self.locations = locations
        self.archive = archive
    }
}

/// Writes zip archives, sound or broken on purpose.
struct ZipBuilder {
    struct Member {
        var name: String
        var data: [UInt8]
        var checksum: UInt32?
        var method: UInt64 = 0
        var flags: UInt64 = 0
        var claimedSize: Int?
        var localName: String?
        /// Whether the directory says that it begins where the data of the member before it does.
        var isInsidePrevious = false
    }

    var members: [Member] = []
    var isZip64 = false

    mutating func add(_ name: String, _ data: [UInt8]) {
        members.append(Member(name: name, data: data))
    }

    /// The archive, every member's data aligned like PyTorch does, by padding in the extra field.
    func build() -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        var lastData = 0
        for member in members {
            let checksum = UInt64(member.checksum ?? Self.checksum(member.data))
            let size = UInt64(member.claimedSize ?? member.data.count)
            let header = member.isInsidePrevious ? lastData : file.count
            let localName = Array((member.localName ?? member.name).utf8)
            if !member.isInsidePrevious {
                let end = file.count + 30 + localName.count + 4
                let padding = (64 - end % 64) % 64
                file += little(0x0403_4B50, 4) + little(20, 2) + little(member.flags, 2)
                file += little(member.method, 2) + little(0, 4) + little(checksum, 4)
                file += little(UInt64(member.data.count), 4) + little(size, 4)
                file += little(UInt64(localName.count), 2) + little(UInt64(4 + padding), 2)
                file += localName + Array("FB".utf8) + little(UInt64(padding), 2)
                file += [UInt8](repeating: 0x5A, count: padding)
                lastData = file.count
                file += member.data
            }
            let name = Array(member.name.utf8)
            let extra =
                isZip64
                ? little(1, 2) + little(24, 2) + little(size, 8)
                    + little(UInt64(member.data.count), 8) + little(UInt64(header), 8) : []
            let mark: UInt64 = 0xFFFF_FFFF
            directory += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2)
            directory += little(member.flags, 2) + little(member.method, 2) + little(0, 4)
            directory += little(checksum, 4)
            directory += little(isZip64 ? mark : UInt64(member.data.count), 4)
            directory += little(isZip64 ? mark : size, 4)
            directory += little(UInt64(name.count), 2) + little(UInt64(extra.count), 2)
            directory += little(0, 2) + little(0, 8)
            directory += little(isZip64 ? mark : UInt64(header), 4) + name + extra
        }
        let start = UInt64(file.count)
        let count = UInt64(members.count)
        file += directory
        if isZip64 {
            let record = UInt64(file.count)
            file += little(0x0606_4B50, 4) + little(44, 8) + little(45, 2) + little(45, 2)
            file += little(0, 8) + little(count, 8) + little(count, 8)
            file += little(UInt64(directory.count), 8) + little(start, 8)
            file += little(0x0706_4B50, 4) + little(0, 4) + little(record, 8) + little(1, 4)
        }
        file += little(0x0605_4B50, 4) + little(0, 4)
        file += little(isZip64 ? 0xFFFF : count, 2) + little(isZip64 ? 0xFFFF : count, 2)
        file += little(isZip64 ? 0xFFFF_FFFF : UInt64(directory.count), 4)
        file += little(isZip64 ? 0xFFFF_FFFF : start, 4) + little(0, 2)
        return file
    }

    /// CRC-32, bit by bit.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in
                crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1
            }
        }
    }
}

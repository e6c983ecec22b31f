import Checkpoints
import Testing

/// Hostile zip archives and storages. Every one must end in a sentence.
@Suite struct PyTorchBadInputTests {
    static func changed(_ body: (inout ZipBuilder) -> Void) -> [UInt8] {
        var zip = TorchBuilder.zip(PickleBuilder.oneTensor())
        body(&zip)
        return zip.build()
    }

    static let archives: [BadInput] = [
        BadInput(
            "cut short", Array(changed { _ in }.dropLast()), names: "no directory at its end"),
        BadInput(
            "member twice", changed { $0.add("archive/data/0", TorchBuilder.fourFloats) },
            names: "'archive/data/0' occurs twice"),
        BadInput(
            "wrong CRC of the pickle", changed { $0.members[0].checksum = 0x1234_5678 },
            names: "'archive/data.pkl' do not match its CRC-32"),
        BadInput(
            "wrong CRC of a storage", changed { $0.members[2].checksum = 0x1234_5678 },
            names: "'archive/data/0' do not match its CRC-32"),
        BadInput(
            "encrypted", changed { $0.members[2].flags = 1 }, names: "'archive/data/0' is encrypted"
        ),
        BadInput(
            "compressed (a bomb could be)",
            changed {
                $0.members[2].method = 8
                $0.members[2].claimedSize = 1 << 31
            }, names: "'archive/data/0' is compressed (method 8)"),
        BadInput(
            "claims more than it stores", changed { $0.members[2].claimedSize = 1 << 31 },
            names: "claims 2147483648"),
        BadInput(
            "path in a name",
            changed { $0.add("../../etc/cron.d/job", [1]) }, names: "'../../etc/cron.d/job'"),
        BadInput("absolute name", changed { $0.add("/tmp/x", [1]) }, names: "'/tmp/x'"),
        BadInput(
            "another local name", changed { $0.members[2].localName = "archive/data/9" },
            names: "'archive/data/0' has another local header"),
        BadInput(
            "two members on one range",
            changed {
                // A whole small archive as data: its first member is listed a second time.
                var inner = ZipBuilder()
                inner.add("archive/data/1", [1, 2, 3])
                $0.members.insert(.init(name: "archive/data/0x", data: inner.build()), at: 3)
                $0.members.insert(
                    .init(name: "archive/data/1", data: [1, 2, 3], isInsidePrevious: true), at: 4)
            }, names: "'archive/data/1' overlaps"),
        BadInput(
            "no pickle", changed { $0.members.remove(at: 0) }, names: "0 members FOLDER/data.pkl"),
        BadInput(
            "two pickles", changed { $0.add("other/data.pkl", [0x2E]) },
            names: "2 members FOLDER/data.pkl"),
        BadInput(
            "TorchScript",
            changed { $0.add("archive/code/__torch__.py", Array("class M".utf8)) },
            names: "a TorchScript archive"),
        BadInput(
            "big-endian",
            TorchBuilder.zip(PickleBuilder.oneTensor(), byteOrder: "big").build(),
            names: "its byte order is 'big'"),
        BadInput(
            "missing storage", TorchBuilder.zip(PickleBuilder.oneTensor(), storages: [:]).build(),
            names: "storage '0' has no member 'archive/data/0'"),
    ]

    static func views(_ what: String, _ pickle: [UInt8], names: String) -> [BadInput] {
        [
            BadInput("\(what), zip", TorchBuilder.zip(pickle).build(), names: names),
            BadInput("\(what), legacy", TorchBuilder.legacy(pickle), names: names),
        ]
    }

    static let storages: [BadInput] =
        [
            BadInput(
                "storage of another size, zip",
                TorchBuilder.zip(PickleBuilder.oneTensor(count: 5)).build(),
                names: "described as 5 elements of FloatStorage, but its member has 16 bytes"),
            BadInput(
                "storage of another size, legacy",
                TorchBuilder.legacy(PickleBuilder.oneTensor(count: 5)),
                names: "described with 5 elements but stored with 4"),
            BadInput(
                "storage of 2^63 bytes, zip",
                TorchBuilder.zip(PickleBuilder.oneTensor(count: Int.max)).build(),
                names: "described as 9223372036854775807 elements"),
            BadInput(
                "storage of 2^63 bytes, legacy",
                TorchBuilder.legacy(
                    PickleBuilder.oneTensor(count: Int.max),
                    storages: [("0", Int.max, TorchBuilder.fourFloats)]),
                names: "needs 9223372036854775807 elements"),
            BadInput(
                "storage that no tensor names, legacy",
                TorchBuilder.legacy(
                    PickleBuilder.oneTensor(), storages: [("9", 4, TorchBuilder.fourFloats)]),
                names: "storage '9' is listed twice or described nowhere"),
            BadInput(
                "storage that is not stored, legacy",
                TorchBuilder.legacy(PickleBuilder.oneTensor(), storages: []),
                names: "storage '0' is not in the file"),
            BadInput(
                "bytes after the last storage, legacy",
                TorchBuilder.legacy(PickleBuilder.oneTensor()) + [0],
                names: "1 bytes follow the last storage"),
            BadInput(
                "big-endian, legacy",
                TorchBuilder.legacy(PickleBuilder.oneTensor(), isLittleEndian: false),
                names: "its byte order is big-endian"),
            BadInput(
                "another protocol, legacy",
                TorchBuilder.legacy(PickleBuilder.oneTensor(), protocolVersion: 1000),
                names: "another protocol than 1001"),
            BadInput(
                "a plain pickle", PickleBuilder.dictionary { _ in },
                names: "a pickle that torch.save did not write"),
        ]
        + views(
            "offset past the storage", PickleBuilder.oneTensor(offset: 1),
            names: "tensor 'w' of shape [4], strides [1] and offset 1 reaches outside its storage")
        + views(
            "stride past the storage", PickleBuilder.oneTensor(strides: [2]),
            names: "strides [2] and offset 0 reaches outside its storage of 4 elements")
        + views(
            "negative offset", PickleBuilder.oneTensor(offset: -1), names: "offset -1 reaches")
        + views(
            "negative stride", PickleBuilder.oneTensor(offset: 3, strides: [-1]),
            names: "strides [-1]")
        + views("negative length", PickleBuilder.oneTensor(shape: [-4]), names: "shape [-4]")
        + views(
            "strides of another rank", PickleBuilder.oneTensor(strides: [1, 1]),
            names: "strides [1, 1]")
        + views(
            "overflow of the shape",
            PickleBuilder.oneTensor(shape: [Int.max, Int.max], strides: [0, 0]),
            names: "reaches outside")
        + views(
            "overflow of the reach",
            PickleBuilder.oneTensor(shape: [3, 3], strides: [Int.max, Int.max]),
            names: "reaches outside")
        + views(
            "one element repeated to a terabyte",
            PickleBuilder.oneTensor(shape: [1 << 38], strides: [0]),
            names: "tensor 'w' repeats its elements to 1099511627776 bytes")
        + views(
            "path in a name", PickleBuilder.oneTensor("../w"), names: "the tensor name '../w'")
        + views(
            "unknown storage class", PickleBuilder.oneTensor("w", "PwnStorage"),
            names: "storage '0' is of the unknown class torch.PwnStorage")
        + views(
            "a quantised tensor",
            PickleBuilder.oneTensor("w", "QInt32Storage"), names: "'w' is stored as QInt32Storage")

    @Test(arguments: archives + storages)
    func isRefused(input: BadInput) throws { try input.expectRefusal(as: "bad.pth") }
}

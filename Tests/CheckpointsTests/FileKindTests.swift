import Checkpoints
import Foundation
import Testing

/// What else a path can lead to, and files that change under their reader.
@Suite struct FileKindTests {
    @Test func missingFile() throws {
        let folder = try TemporaryFolder()
        BadInput.expectRefusal(of: folder.path + "/none.safetensors", names: "no such file")
    }

    @Test func folderWithoutCheckpoint() throws {
        let folder = try TemporaryFolder()
        BadInput.expectRefusal(of: folder.path, names: "it is a folder")
    }

    @Test func device() { BadInput.expectRefusal(of: "/dev/zero", names: "it is a device") }

    @Test func pipe() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pipe.pth"
        #expect(mkfifo(path, 0o600) == 0)
        BadInput.expectRefusal(of: path, names: "it is a pipe")
    }

    @Test func loopOfLinks() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.safetensors"
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: folder.path + "/b.safetensors")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/b.safetensors", withDestinationPath: path)
        BadInput.expectRefusal(of: path, names: "symbolic links form a loop")
    }

    @Test(.enabled(if: getuid() != 0, "the superuser may read everything"))
    func unreadableFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(safetensors("{}"), as: "secret.safetensors")
        chmod(path, 0)
        BadInput.expectRefusal(of: path, names: "permission denied")
    }

    @Test(arguments: ["file.safetensors", "file.pth"])
    func fileCutShortWhileOpen(name: String) throws {
        let folder = try TemporaryFolder()
        let count = 1 << 20
        let data = [UInt8](repeating: 7, count: count)
        let bytes =
            name.hasSuffix("pth")
            ? TorchBuilder.legacy(
                PickleBuilder.oneTensor("a", "ByteStorage", count: count, shape: [count]),
                storages: [("0", count, data)])
            : safetensors(
                header: Array(
                    "{\"a\":{\"dtype\":\"U8\",\"shape\":[\(count)],\"data_offsets\":[0,\(count)]}}"
                        .utf8), data: data)
        let path = try folder.write(bytes, as: name)
        let source = try openCheckpoint(at: path)
        #expect(truncate(path, 4096) == 0)
        let error = #expect(throws: CheckpointError.self) { try source.bytes("a") }
        #expect(error?.description.contains("it ends at byte 4096") ?? false)
    }

    static let others: [BadInput] = [
        BadInput("empty", [], names: "the file is empty"),
        BadInput(
            "LFS pointer", Array("version https://git-lfs.github.com/spec/v1\n".utf8),
            names: "git lfs pull"),
        BadInput("web page", Array("<!DOCTYPE html><html>".utf8), names: "a web page"),
        BadInput("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 1, 0, 0], names: "a gzip archive"),
        BadInput(
            "tar",
            Array("archive/".utf8) + [UInt8](repeating: 0, count: 249)
                + Array("ustar\u{0}00".utf8) + [UInt8](repeating: 0, count: 300),
            names: "a tar archive"),
        BadInput("GGUF", Array("GGUF".utf8) + [3, 0, 0, 1, 9, 9], names: "a GGUF file"),
        BadInput("a picture", [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10], names: "(89 50 4e 47"),
        BadInput("other JSON", Array("{\"a\": 1}".utf8), names: "without the object 'weight_map'"),
    ]

    @Test(arguments: others)
    func otherContent(input: BadInput) throws { try input.expectRefusal(as: "weights.bin") }

    @Test func unknownTensor() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(safetensors("{}"), as: "none.safetensors")
        let error = #expect(throws: CheckpointError.self) {
            try SafetensorsFile(path: path).floats("x.weight")
        }
        #expect(error?.description.contains("no tensor 'x.weight'") ?? false)
    }
}

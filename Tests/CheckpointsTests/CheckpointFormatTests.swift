import Checkpoints
import Tensor
import Testing

/// The checkpoints of the reference: written by PyTorch, with their contents known from elsewhere.
@Suite struct CheckpointFormatTests {
    let reference: ReferenceCase

    init() throws { reference = try ReferenceCase(path: Fixtures.path("checkpoint-format")) }

    @Test(arguments: ["checkpoint_zip.pth", "checkpoint_legacy.pth", "state_dict_only_zip.pth"])
    func modelsAreComplete(file: String) throws {
        let checkpoint = try openCheckpoint(at: Fixtures.path("checkpoint-format/\(file)"))
        let names = try #require(reference.config["key_order"]?.array).compactMap(\.string)
        #expect(checkpoint.entries.map(\.name) == names)
        for name in names {
            if let made = reference.weights.entry(named: name) {
                // Stored values are copies: equal to the bit.
                #expect(checkpoint.entry(named: name)?.shape == made.shape)
                #expect(try checkpoint.floats(name) == reference.weights.floats(name), "\(name)")
            } else {
                #expect(
                    try checkpoint.integers(name).scalars
                        == reference.tensors.integers(name).scalars)
            }
            let type = reference.config["dtypes"]?[name]?.string
            #expect(
                checkpoint.entry(named: name)?.elementType == (type == "int64" ? .int64 : .float32))
        }
    }

    @Test(arguments: ["reader_stress_zip.pth", "reader_stress_legacy.pth"])
    func viewsTypesAndSharedStorages(file: String) throws {
        let checkpoint = try openCheckpoint(at: Fixtures.path("checkpoint-format/\(file)"))
        let expected = reference.tensors.entries.filter { $0.name.hasPrefix("stress.") }
        #expect(expected.count == 17)
        #expect(checkpoint.entries.count == expected.count)
        for stored in expected {
            let name = String(stored.name.dropFirst("stress.".count))
            let entry = try #require(checkpoint.entry(named: name))
            if name == "scalar" {
                #expect(entry.shape == [], "the reference's own file keeps a scalar as [1]")
            } else {
                #expect(entry.shape == stored.shape, "\(name)")
            }
            if stored.elementType.isInteger {
                #expect(entry.elementType == stored.elementType)
                #expect(
                    try checkpoint.integers(name).scalars
                        == reference.tensors.integers(stored.name).scalars, "\(name)")
            } else {
                #expect(
                    try checkpoint.floats(name).scalars
                        == reference.tensors.floats(stored.name).scalars, "\(name)")
            }
        }
        #expect(checkpoint.entry(named: "f16")?.elementType == .float16)
        #expect(checkpoint.entry(named: "bf16")?.elementType == .bfloat16)
    }

    @Test(arguments: ["checkpoint_zip.pth", "checkpoint_legacy.pth"])
    func argumentsOfTheTrainingScriptAreMetadata(file: String) throws {
        let checkpoint = try openCheckpoint(at: Fixtures.path("checkpoint-format/\(file)"))
        #expect(checkpoint.metadata["epoch"] == "3")
        #expect(checkpoint.metadata["args.backbone"] == "swinB")
        #expect(checkpoint.metadata["args.enc_layers"] == "[6, 1]")
        #expect(checkpoint.metadata["args.encoder_cross_layer"] == "true")
        #expect(checkpoint.metadata["args.lprop_scale"] == "8.0")
    }
}

import Checkpoints
import Testing

/// Files that PyTorch itself wrote for less usual models (`Fixtures/make_pytorch_variants.py`).
@Suite struct PyTorchVariantsTests {
    private func open(_ name: String) throws -> any WeightSource {
        try openCheckpoint(at: Fixtures.path("pytorch-variants/\(name)"))
    }

    @Test(arguments: ["zip", "legacy"]) func channelsLastMemory(kind: String) throws {
        let checkpoint = try open("channels_last_\(kind).pth")
        let weight = try checkpoint.floats("weight")
        #expect(weight.shape == [2, 3, 2, 2])
        #expect(weight.scalars == (0..<24).map(Float.init))
        #expect(try checkpoint.floats("bias").scalars == [0, 1])
    }

    @Test(arguments: ["zip", "legacy"]) func pickleProtocol4(kind: String) throws {
        #expect(try open("protocol4_\(kind).pth").floats("w").scalars == [0, 1, 2])
    }

    @Test func trainingState() throws {
        let checkpoint = try open("training.pth")
        #expect(
            checkpoint.entries.map(\.name) == [
                "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
                "1.num_batches_tracked",
            ])
        #expect(try checkpoint.floats("0.weight").scalars == [0, 1, 2, 3])
        #expect(try checkpoint.integers("1.num_batches_tracked").scalar == 1)
        #expect(checkpoint.entry(named: "1.num_batches_tracked")?.shape == [])
        #expect(checkpoint.metadata["iteration"] == "7")
    }

    @Test func newTypes() throws {
        let checkpoint = try open("new_types.pth")
        #expect(try checkpoint.integers("u16").scalars == [1, 65535])
        #expect(try checkpoint.integers("u32").scalars == [1, 4_294_967_295])
        #expect(try checkpoint.integers("u64").scalars == [1, 2])
        #expect(try checkpoint.floats("e4m3").scalars == [1.5, -448])
        #expect(try checkpoint.floats("e5m2").scalars == [1.5, -57344])
        #expect(checkpoint.entry(named: "complex")?.elementType == .complex64)
        #expect(try checkpoint.bytes("complex") == floatBytes([1, 2]))
    }

    @Test func parametersWithState() throws {
        let checkpoint = try open("parameter_with_state.pth")
        #expect(try checkpoint.floats("w").scalars == [0, 1])
        #expect(try checkpoint.floats("buffer").scalars == [0])
    }

    @Test(arguments: [
        ("sparse.pth", "tensor 'w' is made by torch._utils._rebuild_sparse_tensor"),
        ("quantized.pth", "tensor 'w' is made by torch._utils._rebuild_qtensor"),
        ("complex128.pth", "tensor 'w' is stored as ComplexDoubleStorage"),
        ("list.pth", "it holds a list without a dictionary of named tensors"),
        ("tensor.pth", "it holds a tensor without a dictionary of named tensors"),
        ("whole_module_zip.pth", "an object of the class torch.nn.modules.container.Sequential"),
        ("whole_module_legacy.pth", "an object of the class torch.nn.modules.container.Sequential"),
        ("torchscript.pt", "a TorchScript archive"),
    ])
    func whatIsNotReadIsNamed(name: String, names: String) {
        BadInput.expectRefusal(of: Fixtures.path("pytorch-variants/\(name)"), names: names)
    }
}

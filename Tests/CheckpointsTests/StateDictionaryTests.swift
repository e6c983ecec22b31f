import Checkpoints
import Testing

/// Where training scripts put the weights, and which views of storages they save.
@Suite struct StateDictionaryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ body: (inout PickleBuilder) -> Void) throws -> any WeightSource {
        try openCheckpoint(
            at: try folder.write(
                TorchBuilder.zip(PickleBuilder.dictionary(body)).build(), as: "x.pth"))
    }

    private static func weights(_ names: [String], offset: Int = 0, _ builder: inout PickleBuilder)
    {
        builder.op("}")
        for name in names {
            builder.text(name)
            builder.tensor("0", count: 4, offset: offset, shape: [1], strides: [1])
            builder.op("s")
        }
    }

    @Test(arguments: [
        ["model"], ["state_dict"], ["model_state_dict"], ["model", "state_dict"], ["net"],
        ["something_else"], ["ema", "module"], ["model_ema"],
    ])
    func nestedDictionaries(path: [String]) throws {
        let checkpoint = try open { builder in
            for (level, key) in path.enumerated() {
                if level > 0 { builder.op("}") }
                builder.text(key)
            }
            Self.weights(["a.weight", "b.bias"], &builder)
            for _ in path { builder.op("s") }
        }
        #expect(checkpoint.entries.map(\.name) == ["a.weight", "b.bias"])
        #expect(try checkpoint.floats("a.weight").scalars == [1])
    }

    @Test func plainWeightsComeBeforeAveragedOnes() throws {
        let checkpoint = try open { builder in
            for (offset, key) in ["model_ema", "optimizer", "model"].enumerated() {
                builder.text(key)
                Self.weights(["a"], offset: offset, &builder)
                builder.op("s")
            }
        }
        #expect(try checkpoint.floats("a").scalars == [3])
    }

    @Test(arguments: [
        (["module.a", "module.b"], ["a", "b"]),
        (["module.module.a", "module.module.b"], ["a", "b"]),
        (["_orig_mod.module.a", "_orig_mod.module.b"], ["a", "b"]),
        (["module.a", "b"], ["module.a", "b"]),
        (["module.", "module.b"], ["module.", "module.b"]),
    ])
    func wrapperPrefixes(stored: [String], names: [String]) throws {
        let checkpoint = try open { Self.setItems(&$0, stored) }
        #expect(checkpoint.entries.map(\.name) == names)
    }

    private static func setItems(_ builder: inout PickleBuilder, _ names: [String]) {
        for name in names {
            builder.text(name)
            builder.tensor("0", count: 4, shape: [4], strides: [1])
            builder.op("s")
        }
    }

    @Test func theLastOfEqualKeysCounts() throws {
        let checkpoint = try open { builder in
            for offset in [0, 2] {
                builder.text("a")
                builder.tensor("0", count: 4, offset: offset, shape: [2], strides: [1])
                builder.op("s")
            }
        }
        #expect(checkpoint.entries.count == 1)
        #expect(try checkpoint.floats("a").scalars == [3, 4])
    }

    @Test(
        arguments: [
            ([2, 2], [2, 1], 0, [1, 2, 3, 4]), ([2, 2], [1, 2], 0, [1, 3, 2, 4]),
            ([3], [0], 3, [4, 4, 4]), ([2], [2], 1, [2, 4]), ([], [], 2, [3]),
            ([2, 1, 2], [2, 77, 1], 0, [1, 2, 3, 4]), ([0, 5], [1, 1], 4, []),
            ([2, 3], [0, 1], 1, [2, 3, 4, 2, 3, 4]), ([2, 2, 1], [1, 1, 0], 1, [2, 3, 3, 4]),
        ] as [([Int], [Int], Int, [Float])])
    func views(shape: [Int], strides: [Int], offset: Int, expected: [Float]) throws {
        let checkpoint = try open { builder in
            builder.text("a")
            builder.tensor("0", count: 4, offset: offset, shape: shape, strides: strides)
            builder.op("s")
        }
        let tensor = try checkpoint.floats("a")
        #expect(tensor.shape == shape)
        #expect(tensor.scalars == expected)
    }

    @Test func viewsOfStoragesInTheLegacyFormat() throws {
        let pickle = PickleBuilder.dictionary {
            $0.text("a")
            $0.tensor(
                "0", count: 4, offset: 1, shape: [1], strides: [1], legacyView: .some([2, 2]))
            $0.op("s")
            $0.text("b")
            $0.tensor("0", count: 4, shape: [4], strides: [1], legacyView: .some(nil))
            $0.op("s")
        }
        let checkpoint = try openCheckpoint(
            at: try folder.write(TorchBuilder.legacy(pickle), as: "views.pth"))
        #expect(try checkpoint.floats("a").scalars == [4])
        #expect(try checkpoint.floats("b").scalars == [1, 2, 3, 4])
    }

    @Test func archivesWithoutChecksumsOrByteOrder() throws {
        var zip = TorchBuilder.zip(PickleBuilder.oneTensor(), byteOrder: nil, folder: "x")
        for index in zip.members.indices { zip.members[index].checksum = 0 }
        let checkpoint = try openCheckpoint(at: try folder.write(zip.build(), as: "plain.pth"))
        #expect(try checkpoint.floats("w").scalars == [1, 2, 3, 4])
    }
}

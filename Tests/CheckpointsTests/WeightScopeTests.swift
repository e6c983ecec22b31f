import Checkpoints
import Tensor
import Testing

@Suite struct WeightScopeTests {
    private func source(_ shapes: [(String, [Int])]) throws -> SyntheticWeights {
        try SyntheticWeights(
            shapes.map { .init(name: $0.0, shape: $0.1, base: 0, scale: 1) }, origin: "test.pth")
    }

    @Test func descendsByName() throws {
        let source = try source([("encoder.layers.3.norm.weight", [4]), ("head", [2])])
        let weights = WeightScope(source)
        let norm = weights["encoder"]["layers", 3]["norm"]
        #expect(norm.prefix == "encoder.layers.3.norm.")
        #expect(norm.contains("weight") && !norm.contains("bias"))
        #expect(norm.shape(of: "weight") == [4])
        #expect(
            try norm.tensor("weight", shape: [4]) == source.floats("encoder.layers.3.norm.weight"))
        _ = try weights.tensor("head", shape: [2])
        let report = try weights.finish()
        #expect(report.isComplete && report.loaded == 2)
        #expect(report.description == "test.pth: all 2 tensors fit the model")
    }

    /// 4 GB for a tensor that is not there: a hostile configuration, not a model.
    @Test func zerosAreBounded() throws {
        let weights = WeightScope(try source([("a", [2])]))
        let error = #expect(throws: CheckpointError.self) {
            try weights.tensor("gone", shape: [1 << 15, 1 << 15])
        }
        #expect(error?.description.contains("1 missing (gone)") ?? false)
    }

    @Test func oneErrorNamesEverything() throws {
        let weights = WeightScope(try source([("a", [2]), ("b", [3]), ("left", [1])]))
        #expect(try weights.tensor("a", shape: [2, 1]) == Tensor(zeros: [2, 1]))
        #expect(try weights.tensor("gone", shape: [5]) == Tensor(zeros: [5]))
        _ = try weights.tensor("b", shape: [3])
        let error = #expect(throws: CheckpointError.self) { try weights.finish() }
        let sentence = try #require(error?.description)
        #expect(sentence.contains("test.pth"))
        #expect(sentence.contains("1 missing (gone)"))
        #expect(sentence.contains("1 of the wrong shape (a is [2], expected [2, 1])"))
        #expect(sentence.contains("1 unexpected (left)"))
        let report = try weights.finish(strict: false)
        #expect(report.missing == ["gone"] && report.unexpected == ["left"])
        #expect(report.wrongShapes == [.init(name: "a", found: [2], expected: [2, 1])])
        #expect(report.loaded == 1)
    }

    @Test func whatIsIgnoredIsNotUnexpected() throws {
        let weights = WeightScope(
            try source([
                ("x.relative_position_index", [4]), ("bn.num_batches_tracked", []),
                ("aux.head.weight", [1]), ("aux.head.bias", [1]), ("auxiliary", [1]),
            ]))
        weights["x"].ignore("relative_position_index")
        weights.ignoreAll(named: "num_batches_tracked")
        weights.ignoreAll(below: "aux")
        let report = try weights.finish(strict: false)
        #expect(report.unexpected == ["auxiliary"])
        #expect(report.ignored.count == 4)
    }

    @Test func renamesAreLookedUp() throws {
        let source = try source([("detr.box.0.weight", [2]), ("detr.other", [1])])
        let weights = WeightScope(
            source, renames: ["model.": "detr.", "model.decoder.box.": "detr.box."])
        #expect(
            try weights["model"]["decoder"]["box", 0].tensor("weight", shape: [2])
                == source.floats("detr.box.0.weight"))
        _ = try weights["model"].tensor("other", shape: [1])
        #expect(try weights.finish().isComplete)
    }

    /// A scope can be given the names of another code base later; what is ignored is found by them too.
    @Test func renamingIsForEverythingBelow() throws {
        let source = try source([
            ("new.stem.weight", [2]), ("new.copies.0.bias", [1]), ("new.stem.count", []),
        ])
        let weights = WeightScope(source).renaming(["old.": "new.", "old.conv1.": "new.stem."])
        let old = weights["old"]
        #expect(old["conv1"].shape(of: "weight") == [2])
        _ = try old["conv1"].tensor("weight", shape: [2])
        old.ignoreAll(below: "copies")
        old["conv1"].ignoreAll(named: "count")
        let report = try weights.finish()
        #expect(report.isComplete)
        #expect(Set(report.ignored) == ["new.copies.0.bias", "new.stem.count"])
        _ = try old.tensor("missing", shape: [1])
        #expect(try weights.finish(strict: false).missing == ["new.missing"])
    }

    @Test func scopesMayBeUsedFromManyThreads() async throws {
        let names = (0..<200).map { "t.\($0)" }
        let weights = WeightScope(try source(names.map { ($0, [3]) }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                group.addTask { _ = try weights["t"].tensor("\(index)", shape: [3]) }
            }
            try await group.waitForAll()
        }
        #expect(try weights.finish().loaded == 200)
    }
}

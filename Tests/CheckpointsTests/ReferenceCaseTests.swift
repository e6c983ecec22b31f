import Checkpoints
import Tensor
import Testing

@Suite struct ReferenceCaseTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(
        _ config: String, weights: String = "[]", _ tensors: [(String, Tensor<Float>)] = []
    ) throws -> ReferenceCase {
        _ = try folder.write(
            Array("{\"config\":\(config),\"weights\":\(weights)}".utf8), as: "case.json")
        var writer = SafetensorsWriter()
        for (name, tensor) in tensors { writer.add(name, tensor) }
        try writer.write(to: "\(folder.path)/tensors.safetensors")
        return try ReferenceCase(path: folder.path)
    }

    @Test func readsAllParts() throws {
        let reference = try open(
            #"{"prefix":"p.","aliases":{"copy.":"a."},"size":[2,3]}"#,
            weights: #"[{"name":"p.a.w","shape":[2],"base":1,"scale":0.5}]"#,
            [("y", Tensor([1, 2]))])
        #expect(reference.config["size"]?.ints == [2, 3])
        #expect(reference.weights.entries.map(\.name) == ["a.w"])
        #expect(try reference.weights.floats("copy.w") == reference.weights.floats("a.w"))
        #expect(try reference.tensors.floats("y").scalars == [1, 2])
    }

    @Test func boundIsTheLargerOfErrorAndSize() throws {
        let reference = try open(
            #"{"float32_vs_float64":{"y":{"max_abs_diff_f64":2e-6,"std":0.5},"#
                + #""z":{"max_abs_diff_f64":0,"std":3}}}"#)
        #expect(reference.tolerance("y")?.bound == 10 * 2e-6)
        #expect(try #require(reference.tolerance("z")).bound == 3 * 1e-5)
        #expect(reference.tolerance("x") == nil)
    }

    @Test func selectionsApplyInOrder() throws {
        let full = Tensor<Float>((0..<60).map(Float.init), shape: [3, 4, 5])
        let reference = try open(
            #"{"subsample_axis_start_step":{"y":[[1,1,2],[2,0,3],[1,0,2]]}}"#,
            [("y", Tensor([5, 8, 25, 28, 45, 48], shape: [3, 1, 2]))])
        let part = try reference.subsampled(full, as: "y")
        #expect(part.shape == [3, 1, 2] && part.scalars == [5, 8, 25, 28, 45, 48])
        let comparison = try reference.compare(full, to: "y")
        #expect(comparison.passes && comparison.largestDifference == 0)
    }

    @Test func differencesAreFound() throws {
        let reference = try open(
            #"{"float32_vs_float64":{"y":{"max_abs_diff_f64":1e-6,"std":1}}}"#,
            [("y", Tensor([1, .nan, 3]))])
        #expect(try reference.compare(Tensor([1, .nan, 3]), to: "y").passes)
        #expect(try reference.compare(Tensor([1.000_009, .nan, 3]), to: "y").passes)
        #expect(try !reference.compare(Tensor([1.000_02, .nan, 3]), to: "y").passes)
        #expect(try reference.compare(Tensor([1, 2, 3]), to: "y").largestDifference == .infinity)
        let error = #expect(throws: CheckpointError.self) {
            try reference.compare(Tensor([1, 2]), to: "y")
        }
        #expect(
            error?.description.contains("tensor 'y' is [3] there, but [2] was computed") ?? false)
    }

    @Test(arguments: [
        ("[]", "[]", "no object 'config'"),
        ("{}", "[{\"name\":\"a\"}]", "weights[0] needs name, shape, base and scale"),
        ("{}", "[{\"name\":\"a\",\"shape\":[-1],\"base\":0,\"scale\":1}]", "impossible shape [-1]"),
        (
            "{}",
            "[{\"name\":\"a\",\"shape\":[],\"base\":0,\"scale\":1},"
                + "{\"name\":\"a\",\"shape\":[],\"base\":0,\"scale\":1}]", "'a' is listed twice"
        ),
    ])
    func badManifests(config: String, weights: String, names: String) {
        let error = #expect(throws: CheckpointError.self) { try open(config, weights: weights) }
        #expect(error?.description.contains(names) ?? false, "\(String(describing: error))")
    }
}

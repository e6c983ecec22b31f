/// One operation on the shape that it has in a model.
///
/// The table of all of them serves three: the benchmarks, which time them; the tests, which hold them at
/// reduced size against plain twins; and `peers.py`, which computes the same with PyTorch, OpenVINO and ONNX
/// Runtime. The root package and that of the benchmarks compile this folder each for itself, so that
/// no user of the library sees it.
package struct Workload: Sendable {
    /// The place in a model that it comes from.
    package let name: String
    package let operation: any Operation

    init(_ name: String, _ operation: any Operation) {
        self.name = name
        self.operation = operation
    }

    package static let table = medVT + seqFormer + lite + liteTraining
}

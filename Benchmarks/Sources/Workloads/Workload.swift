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

    /// A convolution over images whose padding keeps their size at stride 1.
    static func convolution(
        _ name: String, _ size: [Int], _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1
    ) -> Workload {
        Workload(
            name,
            Convolution(
                size: size, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride))
    }

    package static let table = medVT + seqFormer + lite + liteTraining
}

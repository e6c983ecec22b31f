import Kernels

/// A weight `[outputs, inputs]` in the order in which products read it. Packed once, used many times.
public struct PackedMatrix: Sendable {
    let panels: PackedPanels

    /// What was packed, where gradients will ask for it.
    let source: Tensor<Float>?

    /// Packs `weight`, `[outputs, inputs]`; any view will do.
    public init(_ weight: Tensor<Float>) {
        precondition(weight.rank == 2, "PackedMatrix: \(weight.shape) is not [outputs, inputs]")
        source = weight.isTraced ? weight : nil
        panels = withExtendedLifetime(weight.storage) {
            PackedPanels(
                weight: weight.storage.elements + weight.offset, columns: weight.shape[0],
                inner: weight.shape[1], columnStride: weight.strides[0],
                innerStride: weight.strides[1])
        }
    }

    /// Features that go in.
    public var inputs: Int { panels.inner }

    /// Features that come out.
    public var outputs: Int { panels.columns }
}

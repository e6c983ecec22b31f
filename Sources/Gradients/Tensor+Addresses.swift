import Tensor

/// Calls `body` with the addresses of the elements of `tensors`, each in row-major order.
func withAddresses<Result>(
    _ tensors: [Tensor<Float>], _ body: ([UnsafePointer<Float>]) -> Result
) -> Result {
    func descend(_ index: Int, _ addresses: [UnsafePointer<Float>]) -> Result {
        guard index < tensors.count else { return body(addresses) }
        return withOptionalAddress(tensors[index]) { address in
            descend(index + 1, addresses + (address.map { [$0] } ?? []))
        }
    }
    return descend(0, [])
}

/// Calls `body` with the address of the elements in row-major order, or nil.
func withOptionalAddress<Result>(
    _ tensor: Tensor<Float>?, _ body: (UnsafePointer<Float>?) -> Result
) -> Result {
    guard let tensor else { return body(nil) }
    return tensor.withUnsafeBuffer { body($0.baseAddress) }
}

extension Tensor<Float> {
    /// Calls `body` with the address of the elements for writing. Every tensor has one, an empty one too.
    mutating func withMutableAddress(_ body: (UnsafeMutablePointer<Float>) -> Void) {
        withUnsafeMutableBuffer { buffer in
            guard let address = buffer.baseAddress else { return }
            body(address)
        }
    }
}

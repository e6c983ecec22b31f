import Tensor

/// About a thousand numbers of a result, evenly spread, by which two programs' results are compared.
struct Samples {
    let values: [Double]

    /// How far a peer's result may be off, as a share of the largest value: sums of several thousand products
    /// in another order, which single precision leaves some 1e-6 off.
    private static let bound = 1e-4

    /// Of the elements of all tensors, one after the other.
    init(of result: [Tensor<Float>]) {
        let elements = result.flatMap(\.scalars)
        let step = max(1, elements.count / 1000)
        values = stride(from: 0, to: elements.count, by: step).map { Double(elements[$0]) }
    }

    /// Throws where the numbers are others than those of a peer.
    func requireAgreement(of others: [Double], by library: Peer.Library, on name: String) throws {
        guard others.count == values.count else {
            throw PeerError(
                "\(name): \(library.rawValue) gives \(others.count) samples, we \(values.count)")
        }
        let largest = values.reduce(0) { max($0, abs($1)) }
        let difference = zip(values, others).reduce(0) { max($0, abs($1.0 - $1.1)) }
        // (Written so that a difference that is no number fails.)
        guard difference <= Self.bound * largest else {
            throw PeerError(
                "\(name): the result of \(library.rawValue) differs from ours by \(difference), with values "
                    + "of up to \(largest)")
        }
    }
}

/// The weights of a post-norm encoder layer of Deformable DETR.
package struct DeformableEncoderWeights: Sendable {
    package let heads: Int
    package let points: Int
    package let value: LinearVectors
    package let offsets: LinearVectors
    package let logits: LinearVectors
    package let output: LinearVectors
    package let attentionNorm: NormVectors
    package let first: LinearVectors
    package let second: LinearVectors
    package let norm: NormVectors

    package init(
        heads: Int, points: Int, value: LinearVectors, offsets: LinearVectors,
        logits: LinearVectors, output: LinearVectors, attentionNorm: NormVectors,
        first: LinearVectors, second: LinearVectors, norm: NormVectors
    ) {
        self.heads = heads
        self.points = points
        self.value = value
        self.offsets = offsets
        self.logits = logits
        self.output = output
        self.attentionNorm = attentionNorm
        self.first = first
        self.second = second
        self.norm = norm
    }
}

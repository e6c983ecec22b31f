import Layers
import Tensor
import TestSupport
import Testing

@Suite struct DynamicMaskHeadTests {
    /// Against the three layers written out in double precision.
    ///
    /// Offsets are up to 300 pixels, so a hidden value sums terms of up to 300 and the next layers eight of
    /// each: roundings of 2^-24 of 300 * 8 * 8, a dozen of them, stay below 2e-2; typically they are a
    /// hundredth of that.
    @Test(arguments: 0..<12)
    func equalsThePlainTwin(seed: Int) {
        var random = SeededRandom(UInt64(seed))
        let height = Int.random(in: 1...9, using: &random)
        let width = Int.random(in: 1...13, using: &random)
        let instances = Int.random(in: 1...5, using: &random)
        let stride = [1, 4, 8].randomElement(using: &random) ?? 8
        let features = random.tensor([height, width, 8], in: 0...2)
        let parameters = random.tensor([instances, DynamicMaskHead.parameterCount])
        let references = random.tensor([instances, 2], in: -100...200)
        let logits = DynamicMaskHead(stride: stride)(
            features, parameters: parameters, references: references)
        #expect(logits.shape == [instances, height, width])
        let expected = plain(features, parameters, references, stride: stride)
        #expect(largestDifference(logits, expected) < 2e-2)
    }

    private func plain(
        _ features: Tensor<Float>, _ parameters: Tensor<Float>, _ references: Tensor<Float>,
        stride: Int
    ) -> [Double] {
        let (height, width) = (features.shape[0], features.shape[1])
        return (0..<parameters.shape[0]).flatMap { instance in
            let numbers = parameters[instance].scalars.map(Double.init)
            func layer(_ x: [Double], weights: Int, biases: Int, outputs: Int) -> [Double] {
                (0..<outputs).map { output in
                    x.indices.reduce(numbers[biases + output]) {
                        $0 + numbers[weights + output * x.count + $1] * x[$1]
                    }
                }
            }
            return (0..<height).flatMap { row in
                (0..<width).map { column in
                    let offset = [
                        Double(references[[instance, 0]]) - Double(column * stride + stride / 2),
                        Double(references[[instance, 1]]) - Double(row * stride + stride / 2),
                    ]
                    var x = offset + features[row][column].scalars.map(Double.init)
                    x = layer(x, weights: 0, biases: 152, outputs: 8).map { max(0, $0) }
                    x = layer(x, weights: 80, biases: 160, outputs: 8).map { max(0, $0) }
                    return layer(x, weights: 144, biases: 168, outputs: 1)[0]
                }
            }
        }
    }
}

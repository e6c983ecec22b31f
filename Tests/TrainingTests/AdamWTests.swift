import Tensor
import TestSupport
import Testing
import Training

@Suite struct AdamWTests {
    /// Algorithm 2 of the paper, in double precision.
    private struct Naive {
        var value: [Double]
        var first: [Double]
        var second: [Double]
        var average: [Double]
        var steps = 0

        init(_ value: [Float]) {
            self.value = value.map(Double.init)
            first = value.map { _ in 0 }
            second = first
            average = self.value
        }

        mutating func step(
            _ gradient: [Double], _ options: OptimizerConfiguration, rate: Double, decays: Bool
        ) {
            steps += 1
            let decay = min(options.averageDecay, Double(1 + steps) / Double(10 + steps))
            for i in value.indices {
                first[i] = options.beta1 * first[i] + (1 - options.beta1) * gradient[i]
                second[i] =
                    options.beta2 * second[i] + (1 - options.beta2) * gradient[i] * gradient[i]
                let mean = first[i] / (1 - pow(options.beta1, steps))
                let deviation = (second[i] / (1 - pow(options.beta2, steps))).squareRoot()
                value[i] -=
                    rate
                    * (mean / (deviation + options.epsilon)
                        + (decays ? options.weightDecay * value[i] : 0))
                average[i] = decay * average[i] + (1 - decay) * value[i]
            }
        }

        private func pow(_ base: Double, _ exponent: Int) -> Double {
            (0..<exponent).reduce(1) { product, _ in product * base }
        }
    }

    /// Thirty steps: rounding of single precision adds up to less than 2e-5 where steps are of 0.01.
    @Test(arguments: [false, true])
    func followsThePaper(limited: Bool) {
        var options = OptimizerConfiguration()
        options.gradientClip = limited ? 0.5 : 0
        options.weightDecay = 0.1
        let shapes = ["a.weight": [5, 7], "a.bias": [7], "backbone.b.weight": [3, 2, 3]]
        let groups = ParameterGroup.all(of: shapes.keys)
        var random = SeededRandom(5)
        let start = shapes.mapValues { random.tensor($0) }
        var naive = start.mapValues { Naive($0.scalars) }
        var optimizer = AdamW(
            start.reduce(into: [:]) {
                $0[$1.key] = .init($1.value, group: groups[$1.key] ?? .head)
            }, options)
        for _ in 0..<30 {
            let gradients = shapes.mapValues { random.tensor($0) }
            let norm = optimizer.step(gradients, rate: 0.01)
            let exact = gradients.values.flatMap(\.scalars)
                .reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(abs(norm - exact) < 1e-5 * exact)
            let scale = limited && exact > 0.5 ? 0.5 / exact : 1
            for (name, gradient) in gradients {
                naive[name]?.step(
                    gradient.scalars.map { Double($0) * scale }, options,
                    rate: name.hasPrefix("backbone") ? 0.01 * options.backboneFactor : 0.01,
                    decays: gradient.rank > 1)
            }
        }
        for (name, expected) in naive {
            let found = optimizer.parameters[name]
            #expect(largestDifference(found?.value ?? Tensor([]), expected.value) < 2e-5, "\(name)")
            #expect(
                largestDifference(found?.average ?? Tensor([]), expected.average) < 2e-5, "\(name)")
        }
    }

    @Test func normsWithStatisticsStay() {
        let groups = ParameterGroup.all(of: [
            "vistr.backbone.0.body.bn1.weight", "vistr.backbone.0.body.bn1.running_mean",
            "vistr.backbone.0.body.conv1.weight", "head.norm.weight",
        ])
        #expect(groups["vistr.backbone.0.body.bn1.weight"] == .frozen)
        #expect(groups["vistr.backbone.0.body.bn1.running_mean"] == .frozen)
        #expect(groups["vistr.backbone.0.body.conv1.weight"] == .backbone)
        #expect(groups["head.norm.weight"] == .head)
    }
}

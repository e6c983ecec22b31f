/// The metrics that there are.
public enum EvaluationMetrics {
    /// All of them, in the order in which they are listed to people.
    public static let all: [any EvaluationMetric] = [
        DAVIS2016(),
        MEDVTDAVIS(),
        DAVIS2017(),
        DAVIS2017Unsupervised(),
        MoCA(),
        YouTubeObjects(),
        A2D(),
        YouTubeVIS(),
        VSPW(),
        VideoPanopticQuality(variant: .cityscapes),
        VideoPanopticQuality(variant: .vipSeg),
        STQ(variant: .kittiStep),
        STQ(variant: .motChallengeStep),
        STQ(variant: .vipSeg),
        AudioVisual(batch: 1),
        AudioVisual(batch: 4),
    ]

    /// The metric of that name.
    public static func named(_ name: String) -> (any EvaluationMetric)? {
        all.first { $0.name == name }
    }
}

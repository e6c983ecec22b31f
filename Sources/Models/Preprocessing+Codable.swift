extension Preprocessing {
    private enum CodingKeys: String, CodingKey {
        case sizing, pixelRange, mean, standardDeviation, sizeDivisor
    }

    /// Reads a preprocessing. Only `sizing` must be there: the rest is usual for models of ImageNet.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(sizing: try values.decode(Sizing.self, forKey: .sizing))
        pixelRange = try values.decodeIfPresent(Float.self, forKey: .pixelRange) ?? pixelRange
        mean = try values.decodeIfPresent([Float].self, forKey: .mean) ?? mean
        standardDeviation =
            try values.decodeIfPresent([Float].self, forKey: .standardDeviation)
            ?? standardDeviation
        sizeDivisor = try values.decodeIfPresent(Int.self, forKey: .sizeDivisor) ?? sizeDivisor
    }
}

/// Any key of a JSON object.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Throws at a key that is none of `Keys`: a misspelt option must not be the usual value in silence.
    func refuseKeys<Keys: CodingKey & CaseIterable>(besides keys: Keys.Type) throws {
        let known = Set(Keys.allCases.map(\.stringValue))
        let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        guard let unknown = found.sorted().first(where: { !known.contains($0) }) else { return }
        let path = codingPath.map(\.stringValue) + [unknown]
        throw TrainingError.configuration(
            option: path.joined(separator: "."), found: "unknown",
            expected: "one of \(known.sorted().joined(separator: ", "))")
    }
}

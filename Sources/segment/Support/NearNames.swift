/// Names that a person may have meant.
enum NearNames {
    /// The names that differ from `word` in few letters or contain it, the nearest first; at most five.
    static func of(_ word: String, among names: [String]) -> [String] {
        let word = word.lowercased()
        let near = names.compactMap { name -> (name: String, distance: Int)? in
            let lower = name.lowercased()
            if word.count > 1, lower.contains(word) { return (name, 0) }
            let distance = changes(from: Array(word), to: Array(lower))
            return distance <= max(1, word.count / 3) ? (name, distance) : nil
        }
        return near.enumerated().sorted {
            ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
        }.prefix(5).map(\.element.name)
    }

    /// How many letters must be put in, left out or replaced (the Levenshtein distance).
    private static func changes(from first: [Character], to second: [Character]) -> Int {
        var row = Array(0...second.count)
        for (i, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in second.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}

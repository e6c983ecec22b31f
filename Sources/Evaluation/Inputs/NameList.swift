import Foundation

/// Lists of names, one a line, as data sets keep their parts.
public enum NameList {
    /// The first word of each line that is not empty.
    public static func read(_ path: String) throws -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EvaluationError(.missingInput, "\(path): there is no such list of sequences")
        }
        let names = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
            .compactMap { $0.split(whereSeparator: \.isWhitespace).first.map(String.init) }
        guard !names.isEmpty else {
            throw EvaluationError(.badData, "\(path): the list of sequences is empty")
        }
        return names
    }
}

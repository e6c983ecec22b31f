import Foundation

/// A table of comma-separated values, as Python's `csv` module reads it.
package enum CommaSeparatedValues {
    /// The rows of the file, each a list of fields; empty lines are passed over.
    static func read(_ path: String, as what: String) throws -> [[String]] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EvaluationError(.missingInput, "\(path): there is no such file of \(what)")
        }
        return rows(of: String(decoding: data, as: UTF8.self))
    }

    /// The rows of a text. A field in quotation marks may hold commas and line ends; two marks are one.
    package static func rows(of text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field = ""
        var isQuoted = false
        var wasMark = false
        for scalar in text.unicodeScalars {
            if isQuoted {
                if scalar == "\"" {
                    isQuoted = false
                    wasMark = true
                } else {
                    field.unicodeScalars.append(scalar)
                }
                continue
            }
            switch scalar {
            case "\"":
                if wasMark { field.append("\"") }
                isQuoted = true
            case ",":
                row.append(field)
                field = ""
            case "\n", "\r":
                if !row.isEmpty || !field.isEmpty { rows.append(row + [field]) }
                row = []
                field = ""
            default: field.unicodeScalars.append(scalar)
            }
            wasMark = false
        }
        if !row.isEmpty || !field.isEmpty { rows.append(row + [field]) }
        return rows
    }
}

extension ReportPage {
    /// The title, the overall numbers, the tables.
    var header: String {
        guard let scores else {
            return """
                <header>
                <h1>\(htmlText(title))</h1>
                <p>\(sequences.count == 1 ? "One sequence" : "\(sequences.count) sequences"), without ground truth: what was predicted, and how much of each frame it covers.</p>
                </header>
                """
        }
        let tiles = scores.overall.enumerated().map { index, score in
            "<div class=\"tile\(index == 0 ? " first" : "")\"><span>\(htmlText(score.name))</span><b>\(htmlScore(score.value))</b></div>"
        }.joined(separator: "\n")
        return """
            <header>
            <h1>\(htmlText(title))</h1>
            <p>\(htmlText(scores.title)), as <span class="code">\(htmlText(scores.officialCode))</span></p>
            </header>
            <div class="tiles">
            \(tiles)
            </div>
            \(scores.tables.map(table).joined(separator: "\n"))
            """
    }

    /// Worst first by the first column; a click on a title sorts by that column.
    private func table(_ table: ScoreTable) -> String {
        let rows = table.rows.enumerated().sorted { one, other in
            let (a, b) = (one.element.values.first ?? 0, other.element.values.first ?? 0)
            return a == b || a.isNaN || b.isNaN
                ? (a.isNaN ? 1 : 0, one.offset) < (b.isNaN ? 1 : 0, other.offset) : a < b
        }.map(\.element)
        let titles = ([table.kind] + table.columns).map {
            "<th><button type=\"button\">\(htmlText($0))</button></th>"
        }.joined()
        // Only a share of 1 has a bar.
        let shares = table.columns.indices.map { column in
            !table.columns[column].hasSuffix("decay")
                && rows.allSatisfy { $0.values[column].isNaN || 0...1 ~= $0.values[column] }
        }
        let body = rows.map { row in
            let cells = row.values.indices.map { column in
                let value = row.values[column]
                let bar = shares[column] && !value.isNaN ? value : 0
                return "<td style=\"--v:\(htmlCoordinate(bar * 100))%\">\(htmlScore(value))</td>"
            }.joined()
            return "<tr><th>\(link(row.name))</th>\(cells)</tr>"
        }.joined(separator: "\n")
        return """
            <div class="wide"><table>
            <thead><tr>\(titles)</tr></thead>
            <tbody>
            \(body)
            </tbody>
            </table></div>
            """
    }

    /// A row's name, leading to its sequence where there is one of that name (objects are named `SEQUENCE_1`).
    private func link(_ name: String) -> String {
        let stem = name.split(separator: "_").dropLast().joined(separator: "_")
        guard let place = sequences.firstIndex(where: { $0.name == name || $0.name == stem }) else {
            return htmlText(name)
        }
        return "<a href=\"#s\(place + 1)\">\(htmlText(name))</a>"
    }

    /// What a reader must know, and what was not used.
    var notes: String {
        guard let scores else { return "" }
        func list(_ sentences: [String]) -> String {
            "<ul>" + sentences.map { "<li>\(htmlText($0))</li>" }.joined() + "</ul>"
        }
        let remarks =
            scores.remarks.isEmpty ? "" : "<h3>About these numbers</h3>" + list(scores.remarks)
        let ignored =
            scores.ignored.isEmpty
            ? ""
            : "<details><summary>Not used: \(scores.ignored.count)</summary>\(list(scores.ignored))</details>"
        return "<footer>\(remarks)\(ignored)</footer>"
    }
}

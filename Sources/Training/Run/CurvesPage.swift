import Evaluation
import FileAccess
import Foundation

/// The curves of a run as one self-contained page: the loss, the region similarity, the learning rate.
struct CurvesPage {
    let title: String
    let lines: [TrainingLog.Line]

    /// How many points a curve has at most: each is the mean of its steps.
    private static let mostPoints = 400

    /// Writes the page at once.
    func write(to path: String) throws {
        try AtomicFile.write(html, to: path) { TrainingError.unwritable(path: path, reason: $0) }
    }

    var html: String {
        let last = lines.last
        let score = lines.last { $0.validation != nil }?.validation
        let tiles = [
            ("step", last.map { "\($0.step)" } ?? "0"),
            ("loss", Self.number(mean(\.loss, of: lines.suffix(100)))),
            ("J of the training clips", Self.number(mean(\.overlap, of: lines.suffix(100)))),
            ("J of the validation data", Self.number(score ?? .nan)),
            ("seconds a step", Self.number(mean(\.seconds, of: lines.suffix(100)))),
        ]
        return ReportPage.document(
            title: title,
            body: """
                <header><h1>\(htmlText(title))</h1><p>Training, step by step; means of the last 100 steps.</p></header>
                <div class="tiles">\(tiles.map { "<div class=\"tile\"><span>\($0)</span><b>\($1)</b></div>" }.joined())</div>
                \(section("Loss", \.loss))
                \(section("Region similarity J of the training clips, before the step", \.overlap, top: 1))
                \(section("Region similarity J of the validation data", \.validation, top: 1))
                \(section("Learning rate", \.learningRate))
                \(section("Norm of the gradient", \.gradientNorm))
                """)
    }

    private func section(
        _ name: String, _ value: KeyPath<TrainingLog.Line, Double?>, top: Double? = nil
    ) -> String {
        let width = max(1, (lines.count + Self.mostPoints - 1) / Self.mostPoints)
        let starts = Array(stride(from: 0, to: lines.count, by: width))
        let parts = starts.map { lines[$0..<min($0 + width, lines.count)] }
        // A curve of rare points is drawn through them, not broken between them.
        let points = parts.map { ($0.last?.step ?? 0, mean(value, of: $0)) }
            .filter { !$0.1.isNaN && $0.1.isFinite }
        guard !points.isEmpty else { return "" }
        let highest = points.map(\.1).max() ?? 1
        let curves = ScoreCurves(
            names: points.map { "step \($0.0)" },
            lines: [.init(name: name, values: points.map(\.1), style: "c0")], marks: [],
            top: top ?? (highest > 0 ? highest : 1), label: Self.number)
        return "<section><h2>\(htmlText(name))</h2>\(curves.html)</section>"
    }

    private func mean(
        _ value: KeyPath<TrainingLog.Line, Double?>, of lines: ArraySlice<TrainingLog.Line>
    ) -> Double {
        let values = lines.compactMap { $0[keyPath: value] }.filter(\.isFinite)
        return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    /// Three digits that count.
    static func number(_ value: Double) -> String {
        value.isNaN ? "–" : String(format: "%.3g", value)
    }
}

import Evaluation
import Foundation

/// What a person reads of an evaluation.
enum EvaluationText {
    /// How many problems, or inputs that are not used, are listed one by one.
    private static let mostLines = 20

    /// The overall numbers, the tables where wanted, what was passed over, what to know.
    static func lines(of report: EvaluationReport, perSequence: Bool) -> [String] {
        var lines = [report.title, ""]
        if perSequence {
            for table in report.tables { lines += self.lines(of: table) + [""] }
        }
        var table = TextTable([("score", .left), ("value", .right)])
        for score in report.overall { table.append([score.name, number(score.value)]) }
        lines += table.lines
        if !report.ignored.isEmpty {
            lines += ["", "not used:"]
            lines += report.ignored.prefix(mostLines).map { "  \(Console.printable($0))" }
            let rest = report.ignored.count - mostLines
            if rest > 0 { lines.append("  and \(rest) more, which --json lists") }
        }
        return lines + ["", "as \(report.officialCode)"]
    }

    /// What a metric takes and whose numbers it reproduces.
    static func explanation(of metric: any EvaluationMetric) -> [String] {
        [
            "\(metric.name): \(metric.title)", "", "as           \(metric.officialCode)",
            "predictions  \(metric.predictions)", "ground truth \(metric.groundTruth)", "",
        ] + metric.remarks.map { "- \($0)" }
    }

    /// An error of several problems: each on a line of standard error but the last, which ends the program.
    static func listed(_ error: EvaluationError) -> Failure {
        for problem in error.problems.prefix(mostLines) {
            Console.note("segment: \(problem)")
        }
        let rest = error.problems.count - mostLines
        return Failure(
            .badData,
            "\(rest > 0 ? "and \(rest) more; " : "")nothing was scored: \(error.problems.count) entries do not fit"
        )
    }

    private static func lines(of table: ScoreTable) -> [String] {
        var text = TextTable([(table.kind, .left)] + table.columns.map { ($0, .right) })
        for row in table.rows {
            text.append([Console.printable(row.name)] + row.values.map(number))
        }
        return text.lines
    }

    /// Six decimals; a dash for what is not a number.
    private static func number(_ value: Double) -> String {
        value.isNaN ? "-" : String(format: "%.6f", value)
    }
}

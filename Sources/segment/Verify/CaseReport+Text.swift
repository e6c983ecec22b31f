extension CaseReport {
    /// The table that a person reads.
    var lines: [String] {
        var lines = ["\(name) (\(subject))"]
        if !stages.isEmpty {
            var table = TextTable([
                ("tensor", .left), ("largest difference", .right), ("reference std", .right),
                ("bound", .right), ("verdict", .left),
            ])
            for stage in stages {
                table.append([
                    stage.name, Self.text(stage.largestDifference),
                    Self.text(stage.standardDeviation), Self.text(stage.bound),
                    (stage.passed ? "ok" : "FAILED") + (stage.note.map { ": \($0)" } ?? ""),
                ])
            }
            lines += table.lines.map { "  \($0)" }
        }
        if let problem { lines.append("  \(isKnown ? "FAILED" : "not known"): \(problem)") }
        return lines
    }

    /// The table of all cases, and how many passed.
    static func summary(of reports: [CaseReport]) -> [String] {
        let passed = reports.filter(\.passed).count
        let unknown = reports.filter { !$0.isKnown }.count
        var total = "\(passed) of \(reports.count) case\(reports.count == 1 ? "" : "s") passed"
        if passed + unknown < reports.count {
            total += ", \(reports.count - passed - unknown) failed"
        }
        if unknown > 0 { total += ", \(unknown) not known here" }
        guard reports.count > 1 else { return [total] }
        var table = TextTable([
            ("case", .left), ("what", .left), ("tensors", .right), ("time", .right),
            ("verdict", .left),
        ])
        for report in reports {
            table.append([
                report.name, report.subject, "\(report.stages.count)",
                "\(report.seconds.rounded(toPlaces: 1)) s", report.verdict,
            ])
        }
        return table.lines + ["", total]
    }

    private var verdict: String {
        let failed = stages.filter { !$0.passed }.count
        switch true {
        case passed: return "ok"
        case !isKnown: return "not known"
        case failed > 0: return "FAILED: \(failed) of \(stages.count) tensors"
        default: return "FAILED"
        }
    }

    /// A number with three significant digits: `1.23e-06`.
    private static func text(_ value: Double?) -> String {
        guard let value else { return "-" }
        guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
        var exponent = 0
        var mantissa = value
        while abs(mantissa) >= 9.995 {
            mantissa /= 10
            exponent += 1
        }
        while abs(mantissa) < 0.9995 {
            mantissa *= 10
            exponent -= 1
        }
        let digits = "\(mantissa.rounded(toPlaces: 2))".padded(toLength: 4)
        let size = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
        return "\(digits)e\(exponent < 0 ? "-" : "+")\(size)"
    }
}

extension String {
    /// The decimal number with zeros added at its end.
    fileprivate func padded(toLength length: Int) -> String {
        self + String(repeating: "0", count: max(0, length - count))
    }
}

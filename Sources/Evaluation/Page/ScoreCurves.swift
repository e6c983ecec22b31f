/// Numbers over time as a drawing: a line a column, from 0 to 1 or to the largest number.
package struct ScoreCurves {
    /// One line.
    package struct Line {
        let name: String
        /// A number a frame; not a number where there is none.
        let values: [Double]
        let style: String

        package init(name: String, values: [Double], style: String) {
            self.name = name
            self.values = values
            self.style = style
        }
    }

    /// A frame that is marked on the first line, and where it leads.
    package struct Mark {
        let frame: Int
        let anchor: String
    }

    let names: [String]
    let lines: [Line]
    let marks: [Mark]

    /// The number at the top.
    let top: Double

    /// How a value is written.
    let label: (Double) -> String

    /// A drawing of numbers from 0 to `top`.
    ///
    /// - Parameter label: how a value is written; scores and shares by themselves.
    package init(
        names: [String], lines: [Line], marks: [Mark], top: Double,
        label: ((Double) -> String)? = nil
    ) {
        self.names = names
        self.lines = lines
        self.marks = marks
        self.top = top
        self.label = label ?? { Self.usualLabel($0, top: top) }
        isUsual = label == nil
    }

    private let isUsual: Bool

    private static let width = 1000.0
    private static let height = 200.0

    private func x(_ frame: Int) -> Double {
        names.count < 2 ? Self.width / 2 : Double(frame) * Self.width / Double(names.count - 1)
    }

    private func y(_ value: Double) -> Double {
        Self.height * (1 - min(max(value / top, 0), 1))
    }

    /// The drawing, with the legend above and the first and last frame's name below.
    package var html: String {
        let grid = [0, 0.25, 0.5, 0.75, 1].map {
            "<path class=\"grid\" d=\"M0 \(htmlCoordinate(Self.height * $0))H1000\"/>"
        }.joined()
        let legend = lines.filter { !$0.name.isEmpty }.map {
            "<span><i class=\"\($0.style)\"></i>\(htmlText($0.name))</span>"
        }.joined()
        let range = [top, top / 2, 0].map { "<span>\(label($0))</span>" }.joined()
        return """
            <div class="plot">
            <div class="legend">\(legend)</div>
            <div class="axis">\(range)</div>
            <svg viewBox="0 0 1000 200" preserveAspectRatio="none" role="img" aria-label="scores over time">
            \(grid)
            \(lines.reversed().map(path).joined(separator: "\n"))
            \(hovers)
            \(marks.map(mark).joined())
            </svg>
            <div class="ends"><span>\(htmlText(names.first ?? ""))</span><span>\(htmlText(names.last ?? ""))</span></div>
            </div>
            """
    }

    private static func usualLabel(_ value: Double, top: Double) -> String {
        top == 1
            ? (value == 0.5 ? "0.5" : value == 1 ? "1" : "0") : "\(Int((value * 100).rounded())) %"
    }

    /// Broken where there is no number.
    private func path(_ line: Line) -> String {
        var data = ""
        var isDown = false
        for (frame, value) in line.values.enumerated() {
            guard !value.isNaN else {
                isDown = false
                continue
            }
            data += (isDown ? "L" : "M") + "\(htmlCoordinate(x(frame))) \(htmlCoordinate(y(value)))"
            // A single point is a line of no length, which round ends make visible.
            if !isDown { data += "h0" }
            isDown = true
        }
        return "<path class=\"line \(line.style)\" d=\"\(data)\"/>"
    }

    /// What is said of a frame under the pointer.
    private var hovers: String {
        let step = Self.width / Double(max(1, names.count - 1))
        return names.indices.map { frame in
            let values = lines.filter { !$0.name.isEmpty }.map {
                "\($0.name) \(isUsual && top == 1 ? htmlScore($0.values[frame]) : label($0.values[frame]))"
            }.joined(separator: ", ")
            return
                "<rect class=\"hover\" x=\"\(htmlCoordinate(x(frame) - step / 2))\" width=\"\(htmlCoordinate(step))\" "
                + "height=\"200\"><title>\(htmlText("\(names[frame]): \(values)"))</title></rect>"
        }.joined()
    }

    private func mark(_ mark: Mark) -> String {
        guard let value = lines.first?.values[mark.frame], !value.isNaN else { return "" }
        return
            "<a href=\"#\(mark.anchor)\"><path class=\"mark\" d=\"M\(htmlCoordinate(x(mark.frame))) \(htmlCoordinate(y(value)))h0\">"
            + "<title>\(htmlText(names[mark.frame]))</title></path></a>"
    }
}

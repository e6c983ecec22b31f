extension ReportPage {
    /// One sequence: its curves, its worst frames.
    func section(_ sequence: ReportSequence, anchor: String) throws -> String {
        let shown = sequence.shown(framesShown)
        var figures: [String] = []
        for place in shown {
            let frame = sequence.frames[place]
            let pictures = try FramePictures(
                frame, comparesObjects: sequence.comparesObjects, width: options.pictureWidth)
            figures.append(
                figure(frame, pictures, anchor: "\(anchor)f\(place)"))
        }
        let curves = try curves(of: sequence, shown: shown, anchor: anchor)
        let heading = scores == nil ? "Frames over its length" : "Worst frames first"
        return """
            <section id="\(anchor)">
            <h2>\(htmlText(sequence.name)) <small>\(sequence.frames.count) frames\(summary(of: sequence))</small></h2>
            \(curves)
            <h3>\(heading)</h3>
            \(legend(of: sequence))
            <div class="\(scores == nil ? "pairs" : "rows")">
            \(figures.joined(separator: "\n"))
            </div>
            </section>
            """
    }

    private func figure(
        _ frame: ReportSequence.Frame, _ pictures: FramePictures, anchor: String
    ) -> String {
        let numbers = zip(scores?.frames?.columns ?? [], frame.scores).map {
            "<b>\(htmlText($0)) \(htmlScore($1))</b>"
        }
        let objects = frame.objects.sorted { $0.key < $1.key }.prefix(12).map {
            "<span>object \($0.key): \(htmlScore($0.value))</span>"
        }
        let panels = pictures.pictures.map {
            "<div><img loading=\"lazy\" src=\"\($0.data)\" alt=\"\($0.caption) of frame \(htmlText(frame.name))\">"
                + "<span>\($0.caption)</span></div>"
        }.joined(separator: "\n")
        return """
            <figure id="\(anchor)">
            <figcaption><span class="name">\(htmlText(frame.name))</span> \((numbers + objects).joined(separator: " "))</figcaption>
            <div class="panels">
            \(panels)
            </div>
            </figure>
            """
    }

    private func summary(of sequence: ReportSequence) -> String {
        guard let columns = scores?.frames?.columns, !columns.isEmpty else { return "" }
        return columns.indices.map { column in
            let known = sequence.frames.compactMap { frame in
                frame.scores.indices.contains(column) ? frame.scores[column] : nil
            }.filter { !$0.isNaN }
            return ", \(htmlText(columns[column])) \(htmlScore(pairwiseMean(known)))"
        }.joined()
    }

    private func legend(of sequence: ReportSequence) -> String {
        guard scores != nil else { return "" }
        let items = MaskAgreement.allCases.filter {
            $0 != .otherObject || sequence.comparesObjects
        }.map {
            "<span><i style=\"background:rgb(\($0.colour.red),\($0.colour.green),\($0.colour.blue))\"></i>\($0.name)</span>"
        }.joined()
        return "<div class=\"legend\">difference: \(items)</div>"
    }

    /// Scores over time; without ground truth the share of the frame that objects cover.
    private func curves(
        of sequence: ReportSequence, shown: [Int], anchor: String
    ) throws -> String {
        let names = sequence.frames.map(\.name)
        let marks = shown.map { ScoreCurves.Mark(frame: $0, anchor: "\(anchor)f\($0)") }
        guard let columns = scores?.frames?.columns, !columns.isEmpty else {
            return try areas(of: sequence, names: names, marks: marks)
        }
        let means = columns.indices.map { column in
            ScoreCurves.Line(
                name: columns[column],
                values: sequence.frames.map {
                    $0.scores.indices.contains(column) ? $0.scores[column] : .nan
                }, style: "c\(column % 4)")
        }
        let objects = Set(sequence.frames.flatMap(\.objects.keys)).sorted().prefix(12)
        let thin = objects.map { object in
            ScoreCurves.Line(
                name: "", values: sequence.frames.map { $0.objects[object] ?? .nan }, style: "thin")
        }
        return ScoreCurves(names: names, lines: means + thin, marks: marks, top: 1).html
    }

    private func areas(
        of sequence: ReportSequence, names: [String], marks: [ScoreCurves.Mark]
    ) throws -> String {
        let shares = try sequence.frames.map { frame in
            let labels = try LabelMap(path: frame.prediction).labels
            let covered = labels.withUnsafeBuffer { labels in labels.count { $0 != 0 } }
            return Double(covered) / Double(max(1, labels.shape.reduce(1, *)))
        }
        let largest = shares.max() ?? 0
        let top = [0.02, 0.04, 0.1, 0.2, 0.5].first { $0 >= largest } ?? 0.999_999
        let line = ScoreCurves.Line(name: "share of the frame", values: shares, style: "c0")
        return ScoreCurves(names: names, lines: [line], marks: marks, top: top).html
    }
}

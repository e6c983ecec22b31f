extension ThreadSimulation {
    /// How many places are told.
    private static let placesTold = 14

    /// Three tables: the whole pass, its parts, and where the largest number of threads loses most.
    var lines: [String] {
        [
            "\(model), \(frames) frames of \(width)x\(height), simulated from \(runs) traced passes on one "
                + "thread",
            "on one thread \(fixed(seconds)) s, of which \(percent(serialSeconds, of: seconds)) serial",
            "",
        ] + wholePass + [""] + partTable + [""] + placeTable + [
            "",
            "Memory bandwidth, clock rates and the hand-over of tasks are not modelled.",
        ]
    }

    private var wholePass: [String] {
        var table = TextTable([
            ("threads", .right), ("seconds", .right), ("speed-up", .right), ("serial", .right),
            ("imbalance", .right),
        ])
        for prediction in predictions {
            table.append([
                "\(prediction.threads)", fixed(prediction.seconds),
                (seconds / max(prediction.seconds, 1e-12)).fixed(places: 1),
                percent(prediction.serialSeconds, of: prediction.seconds),
                percent(prediction.imbalanceSeconds, of: prediction.seconds),
            ])
        }
        return table.lines
    }

    private var partTable: [String] {
        var table = TextTable(
            [("part", .left), ("on one", .right), ("serial", .right)]
                + predictions.map { ("on \($0.threads)", .right) })
        for part in parts {
            table.append(
                [part.name, fixed(part.seconds), percent(part.serialSeconds, of: seconds)]
                    + part.predictedSeconds.map(fixed))
        }
        return table.lines
    }

    private var placeTable: [String] {
        let most = predictions.last?.threads ?? 1
        var table = TextTable([
            ("lost on \(most)", .right), ("share", .right), ("on one", .right), ("steps", .right),
            ("tasks", .right), ("longest task", .right), ("part", .left), ("place", .left),
        ])
        for place in places.prefix(Self.placesTold) {
            let lost = place.lostSeconds.last ?? 0
            let few = place.fewestTasks
            table.append([
                fixed(lost), percent(lost, of: predictions.last?.seconds ?? 0),
                fixed(place.seconds), "\(place.steps)",
                place.isSerial
                    ? "serial" : few == place.mostTasks ? "\(few)" : "\(few)-\(place.mostTasks)",
                (place.longestTaskSeconds * 1000).fixed(places: 2) + " ms", place.part,
                place.place,
            ])
        }
        return table.lines
    }

    private func fixed(_ seconds: Double) -> String { seconds.fixed(places: 4) }

    private func percent(_ part: Double, of whole: Double) -> String {
        (whole > 0 ? part / whole * 100 : 0).fixed(places: 2) + " %"
    }
}

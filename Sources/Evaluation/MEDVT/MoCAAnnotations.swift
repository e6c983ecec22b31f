import Foundation

/// The boxes of MoCA's `annotations.csv`.
package struct MoCAAnnotations: Sendable {
    /// A box and how the animal moves.
    package struct Annotation: Sendable {
        /// Left, top, right and bottom, in pixels of the original frame.
        package let box: (left: Double, top: Double, right: Double, bottom: Double)

        /// `0` for locomotion, `1` for deformation, `2` for static.
        package let motion: String
    }

    /// By video, then by the frame's name.
    package private(set) var videos: [String: [String: Annotation]] = [:]

    /// Reads rows of an id, a frame's path, `[2, x, y, width, height]` and `{"1": motion}`, after one row of titles.
    init(path: String) throws {
        let rows = try CommaSeparatedValues.read(path, as: "MoCA's annotations")
        try self.init(rows: Array(rows.dropFirst()), path: path)
    }

    /// The same of rows that are read already; `path` is used in messages only.
    package init(rows: [[String]], path: String) throws {
        for row in rows where row.count != 4 {
            throw EvaluationError(
                .badData,
                "\(path): the row '\(row.joined(separator: ","))' has \(row.count) fields, expected 4: id, file, box, motion"
            )
        }
        // Quirk: rows are sorted by path, and one without a motion has that of the row before, were it another video's.
        let sorted = rows.sorted {
            $0[1].unicodeScalars.lexicographicallyPrecedes($1[1].unicodeScalars)
        }
        var lastMotion: String?
        for row in sorted where row[2] != "[]" {
            if row[3] != "{}" { lastMotion = try Self.motion(row[3], path) }
            guard let motion = lastMotion else {
                throw EvaluationError(
                    .badData,
                    "\(path): the first row, of \(row[1]), has no motion; it takes that of the row before"
                )
            }
            let parts = row[1].split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count > 1, let name = parts.last, name.count > 4 else {
                throw EvaluationError(
                    .badData, "\(path): the file '\(row[1])' is not VIDEO/FRAME.jpg")
            }
            let annotation = Annotation(box: try Self.box(row[2], path), motion: motion)
            videos[String(parts[parts.count - 2]), default: [:]][String(name.dropLast(4))] =
                annotation
        }
    }

    /// A box from its corner and size.
    ///
    /// Quirk: a corner outside the frame is moved to its edge before the size is added, so that the whole box moves.
    static func box(
        left: Double, top: Double, width: Double, height: Double
    ) -> (left: Double, top: Double, right: Double, bottom: Double) {
        let (left, top) = (max(left, 0), max(top, 0))
        return (left, top, left + width, top + height)
    }

    private static func box(
        _ text: String, _ path: String
    ) throws -> (left: Double, top: Double, right: Double, bottom: Double) {
        guard let numbers = try? JSONDecoder().decode([Double].self, from: Data(text.utf8)),
            numbers.count == 5
        else {
            throw EvaluationError(
                .badData, "\(path): the box '\(text)' is not [2, x, y, width, height]")
        }
        return box(left: numbers[1], top: numbers[2], width: numbers[3], height: numbers[4])
    }

    private static func motion(_ text: String, _ path: String) throws -> String {
        guard
            let motion = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))[
                "1"]
        else {
            throw EvaluationError(
                .badData, "\(path): the motion '\(text)' is not {\"1\": \"0\"} or the like")
        }
        return motion
    }
}

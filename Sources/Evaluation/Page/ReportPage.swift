import Media
import Tensor

/// A page on which a person looks at predictions: scores, curves over time, and the worst frames first.
///
/// One HTML file that needs nothing else: pictures, style and the few lines of script are in it.
public struct ReportPage: Sendable {
    /// What the page is of, and how much of it is shown.
    public struct Options: Sendable {
        /// The width of a picture, in pixels.
        public var pictureWidth = 360

        /// The most frames of a sequence that are shown large.
        public var framesPerSequence = 6

        /// The most pictures on the page; with many sequences each shows fewer frames, at least one.
        public var mostPictures = 800

        /// The usual size.
        public init() {}
    }

    /// The title of the page.
    let title: String

    /// The sequences, worst first where there are scores.
    private(set) var sequences: [ReportSequence]

    /// What the metric says; nil where there is no ground truth.
    let scores: EvaluationReport?

    let options: Options

    /// A page of predictions alone.
    public init(title: String, sequences: [ReportSequence], options: Options = Options()) {
        self.title = title
        self.sequences = sequences
        scores = nil
        self.options = options
    }

    /// A page of predictions and what they are scored against.
    public init(
        title: String, sequences: [ReportSequence], scores: EvaluationReport,
        options: Options = Options()
    ) {
        self.title = title
        self.scores = scores
        self.options = options
        let rows = Dictionary(grouping: scores.frames?.rows ?? [], by: \.sequence)
        let scored = sequences.map { $0.scored(by: rows[$0.name] ?? []) }
        self.sequences = scored.enumerated().sorted {
            ($0.element.quality, $0.offset) < ($1.element.quality, $1.offset)
        }.map(\.element)
    }

    /// How many frames of a sequence are shown large.
    var framesShown: Int {
        let pictures = scores == nil ? 2 : 4
        let share = options.mostPictures / max(1, sequences.count * pictures)
        return max(1, min(options.framesPerSequence, share))
    }

    /// The names of frames that are shown and whose image is in no file, where there is one sequence.
    public var missingPictures: Set<String> {
        guard sequences.count == 1, let sequence = sequences.first else { return [] }
        return Set(
            sequence.shown(framesShown).map { sequence.frames[$0] }
                .filter { $0.image == nil && $0.picture == nil }.map(\.name))
    }

    /// Gives the frame of that name its image, where there is one sequence.
    public mutating func show(_ picture: Tensor<UInt8>, as name: String) {
        guard sequences.count == 1,
            let place = sequences[0].frames.firstIndex(where: { $0.name == name })
        else { return }
        sequences[0].frames[place].picture = picture
    }

    /// The page's text.
    ///
    /// - Throws: `MediaError` or ``EvaluationError`` where a file cannot be read.
    public func html() throws -> String {
        let parts = try FramePass.map(Array(sequences.enumerated())) { index, sequence in
            try section(sequence, anchor: "s\(index + 1)")
        }
        return Self.document(
            title: title, body: ([header] + parts + [notes]).joined(separator: "\n"),
            script: Self.script)
    }

    /// A whole page that needs nothing else, with this look.
    package static func document(title: String, body: String, script: String = "") -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
        style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <title>\(htmlText(title))</title>
        <style>
        \(style)
        </style>
        </head>
        <body>
        <main>
        \(body)
        </main>
        <script>
        \(script)
        </script>
        </body>
        </html>

        """
    }
}

/// The scores of one evaluation.
public struct EvaluationReport: Sendable, Codable, Equatable {
    /// The metric's name on the command line.
    public var metric: String

    /// What it is, in a few words.
    public var title: String

    /// The official code whose numbers are reproduced.
    public var officialCode: String

    /// The numbers that a paper prints.
    public var overall: [Score]

    /// The scores of parts: a table by sequence, one by class, ...
    public var tables: [ScoreTable]

    /// The scores of single frames, where the metric has such.
    public var frames: FrameTable?

    /// What was found and not used, a sentence each.
    public var ignored: [String]

    /// What a reader must know about these numbers, a sentence each.
    public var remarks: [String]

    /// A report of `metric`, to be filled.
    public init(
        _ metric: any EvaluationMetric, overall: [Score], tables: [ScoreTable] = [],
        frames: FrameTable? = nil, ignored: [String] = [], remarks: [String] = []
    ) {
        self.metric = metric.name
        title = metric.title
        officialCode = metric.officialCode
        self.overall = overall
        self.tables = tables
        self.frames = frames
        self.ignored = ignored
        self.remarks = metric.remarks + remarks
    }

    /// The overall number of that name.
    public subscript(name: String) -> Double? { overall.first { $0.name == name }?.value }

    /// The table of that kind.
    public func table(_ kind: String) -> ScoreTable? { tables.first { $0.kind == kind } }
}

/// A number with its name.
public struct Score: Sendable, Codable, Equatable {
    /// The name, as papers print it: `J mean`.
    public var name: String

    /// The number; not a number where the official code has none.
    public var value: Double

    /// A number with its name.
    public init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }
}

/// The scores of all parts of one kind.
public struct ScoreTable: Sendable, Codable, Equatable {
    /// What a row is: `sequence`, `class`, `object`.
    public var kind: String

    /// The names of the columns.
    public var columns: [String]

    /// A row a part.
    public var rows: [Row]

    /// The scores of one part.
    public struct Row: Sendable, Codable, Equatable {
        /// The part's name.
        public var name: String

        /// A number a column; not a number where there is none.
        public var values: [Double]

        /// The scores of the part `name`.
        public init(_ name: String, _ values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    /// A table of parts of a kind.
    public init(kind: String, columns: [String], rows: [Row]) {
        self.kind = kind
        self.columns = columns
        self.rows = rows
    }

    /// The row of the part `name`.
    public subscript(name: String) -> [Double]? { rows.first { $0.name == name }?.values }
}

/// The scores of single frames.
public struct FrameTable: Sendable, Codable, Equatable {
    /// The names of the columns.
    public var columns: [String]

    /// A row a frame and object, in the order of the data.
    public var rows: [Row]

    /// The scores of one frame, or of one object in it.
    public struct Row: Sendable, Codable, Equatable {
        /// The sequence's name.
        public var sequence: String

        /// The frame's name: its file's without the ending.
        public var frame: String

        /// The object's id in the ground truth, where there are several.
        public var object: Int?

        /// A number a column.
        public var values: [Double]

        /// The scores of a frame.
        public init(sequence: String, frame: String, object: Int? = nil, values: [Double]) {
            self.sequence = sequence
            self.frame = frame
            self.object = object
            self.values = values
        }
    }

    /// A table of frames.
    public init(columns: [String], rows: [Row]) {
        self.columns = columns
        self.rows = rows
    }
}

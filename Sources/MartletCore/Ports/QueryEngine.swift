/// Runs SQL over files: the port behind SQL steps.
public protocol QueryEngine: Sendable {
    /// Runs a script whose inputs are views over files, and writes its outputs as files.
    ///
    /// Outputs are put in place, each a whole new file, only when all of them are written; a script that fails or is
    /// killed leaves the files of before. Blocking work happens off the cooperative pool. Cancelling the calling task
    /// interrupts the script.
    ///
    /// - Parameters:
    ///   - transform: the script with its inputs and outputs.
    ///   - progress: told how far the script is, from 0 to 1 and never backwards, from any thread; rarely called for a
    ///     script that ends quickly.
    /// - Returns: how many rows went in and out.
    /// - Throws: `.sqlInvalid` for a script that is not valid, `.sqlInputUnreadable` for an input that is missing or
    ///   unreadable, `.sqlOutputMissing` for an output without a result, `.sqlEngineUnusable` when the engine does not
    ///   start, `.sqlFailed` when the script fails while it runs, `.sqlCancelled` when it was interrupted.
    func transform(
        _ transform: SQLTransform,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws(MartletError) -> SQLTransformResult
}

/// An SQL script, what it reads and what it writes.
public struct SQLTransform: Hashable, Sendable {
    /// One or more statements, separated by semicolons.
    public var script: String
    /// The file that errors name, when the script is from one.
    public var scriptName: String?
    /// The line of that file on which the script starts.
    public var firstLine: Int
    /// The views that the script can read.
    public var inputs: [TableInput]
    /// What the script makes.
    ///
    /// A single output takes the rows of the last statement, if that returns rows. Every other output takes the rows of
    /// the table or view that has its name when the script ends.
    public var outputs: [TableOutput]
    /// What the engine may use.
    public var settings: Settings

    /// A script with its inputs and outputs.
    public init(
        script: String,
        scriptName: String? = nil,
        firstLine: Int = 1,
        inputs: [TableInput] = [],
        outputs: [TableOutput] = [],
        settings: Settings = Settings()
    ) {
        self.script = script
        self.scriptName = scriptName
        self.firstLine = firstLine
        self.inputs = inputs
        self.outputs = outputs
        self.settings = settings
    }

    /// What an engine may use of the machine; nil leaves it to the engine.
    public struct Settings: Hashable, Sendable {
        /// Most memory.
        public var memoryLimitBytes: Int?
        /// Most threads.
        public var threads: Int?
        /// The folder for what does not fit into memory.
        public var temporaryDirectory: String?

        /// Limits for an engine.
        public init(memoryLimitBytes: Int? = nil, threads: Int? = nil, temporaryDirectory: String? = nil) {
            self.memoryLimitBytes = memoryLimitBytes
            self.threads = threads
            self.temporaryDirectory = temporaryDirectory
        }
    }
}

/// A file, or a folder of files of one format, that a script reads as a view.
public struct TableInput: Hashable, Sendable {
    /// The name of the view.
    public var name: String
    /// The file or folder.
    public var path: String
    /// The format, or nil to find it out from the content: `PAR1` starts Parquet, `{` starts JSON lines, all else is
    /// CSV.
    public var format: DatasetFormat?

    /// A view called `name` over the file or folder at `path`.
    public init(name: String, path: String, format: DatasetFormat? = nil) {
        self.name = name
        self.path = path
        self.format = format
    }
}

/// A file that takes rows a script makes.
public struct TableOutput: Hashable, Sendable {
    /// The name of the table or view whose rows it takes, when they are not those of the last statement.
    public var name: String
    /// The file; a CSV or JSON lines file whose name ends in `.gz` is compressed.
    public var path: String
    /// The format to write.
    public var format: DatasetFormat

    /// The file at `path` for the rows called `name`.
    public init(name: String, path: String, format: DatasetFormat = .parquet) {
        self.name = name
        self.path = path
        self.format = format
    }
}

/// What a script did.
public struct SQLTransformResult: Hashable, Sendable {
    /// How many rows each input holds, where that could be counted.
    ///
    /// Parquet files know it. CSV and JSON lines files are read once more to count their rows.
    public var rowsIn: [String: Int]
    /// How many rows were written to each output.
    public var rowsOut: [String: Int]
    /// The engine and its version.
    public var engine: String

    /// The result of a script.
    public init(rowsIn: [String: Int], rowsOut: [String: Int], engine: String) {
        self.rowsIn = rowsIn
        self.rowsOut = rowsOut
        self.engine = engine
    }
}

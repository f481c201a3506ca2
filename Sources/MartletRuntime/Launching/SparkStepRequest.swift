public import MartletCore

/// What the runner tells the process of a step that runs on Spark in its first frame.
public struct SparkStepRequest: Codable, Sendable {
    /// How what the SQL of a step makes is stored.
    public enum Writing: String, Codable, Sendable {
        /// Spark writes folders of part files, in parallel.
        case folders
        /// Each output is one file, as DuckDB would have written it.
        case files
    }

    /// The inputs, the outputs and everything else an attempt is told.
    public var context: StepContextDocument
    /// What runs, with the templates filled in.
    public var spark: SparkAction
    /// How outputs are stored.
    public var writing: Writing
    /// What the project says of Spark.
    public var settings: SparkSettings
    /// The interpreter of scripts, in whose environment a `pyspark` may be.
    public var python: String
    /// The folder of the attempt; absolute.
    public var folder: String

    /// The request of one attempt.
    public init(
        context: StepContextDocument,
        spark: SparkAction,
        writing: Writing,
        settings: SparkSettings,
        python: String,
        folder: String
    ) {
        self.context = context
        self.spark = spark
        self.writing = writing
        self.settings = settings
        self.python = python
        self.folder = folder
    }
}

extension StepAction {
    /// What the step runs on Spark, and how its outputs are stored; nil when it does not run there.
    var onSpark: (action: SparkAction, writing: SparkStepRequest.Writing)? {
        switch self {
        case .spark(let action): (action, .folders)
        case .sql(let action) where action.engine == .spark:
            (SparkAction(file: action.file, text: action.text), .files)
        default: nil
        }
    }
}

extension SparkAction {
    /// The action with its templates filled in.
    ///
    /// - Parameter lookUp: what a name stands for.
    /// - Returns: the action, whole.
    /// - Throws: ``TemplateError`` when a template fails.
    func rendered(_ lookUp: (_ path: [String]) -> JSONValue?) throws(TemplateError) -> SparkAction {
        var action = self
        if let text { action.text = try Template(text).render(.sparkSQL, lookUp).text }
        action.arguments = []
        for argument in arguments { action.arguments.append(try Template(argument).render(.none, lookUp).text) }
        if let place { action.place = try SparkSettings.place(place, lookUp) }
        for (key, value) in configuration {
            action.configuration[key] = try Template(value).render(.none, lookUp).text
        }
        return action
    }
}

extension SparkSettings {
    /// The settings with their templates filled in.
    ///
    /// - Parameter lookUp: what a name stands for.
    /// - Returns: the settings, whole.
    /// - Throws: ``TemplateError`` when a template fails.
    package func rendered(_ lookUp: (_ path: [String]) -> JSONValue?) throws(TemplateError) -> SparkSettings {
        var settings = self
        settings.place = try Self.place(place, lookUp)
        for (key, value) in configuration {
            settings.configuration[key] = try Template(value).render(.none, lookUp).text
        }
        return settings
    }

    /// A place with its templates filled in; in an address a value stays one value, whatever characters it has.
    fileprivate static func place(
        _ text: String,
        _ lookUp: (_ path: [String]) -> JSONValue?
    ) throws(TemplateError) -> String {
        try Template(text).render(text.hasPrefix("sc://") ? .url : .none, lookUp).text
    }
}

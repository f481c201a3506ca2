/// A step of another pipeline, or a whole run of it, that has to have ended.
public struct StepWait: Hashable, Codable, Sendable {
    /// Which of the other pipeline's runs is meant.
    public enum Which: String, Codable, Hashable, Sendable, CaseIterable {
        /// The run of the same logical date, or of one that is apart by the offset.
        case sameDate = "same_date"
        /// The run that was created last, whenever that was.
        case latest
    }

    /// The other pipeline.
    public var pipeline: PipelineID
    /// Its step; nil means the whole run.
    public var step: StepID?
    /// Which of its runs.
    public var run: Which
    /// How much later than this run's the other's logical date is; negative when it is earlier.
    public var offsetSeconds: Double
    /// The states that end the wait, by their names in the log; `success` unless told otherwise.
    public var states: [String]
    /// The states that fail this step.
    public var failedStates: [String]
    /// The states that skip this step.
    public var skippedStates: [String]

    /// A wait for `step` of `pipeline`, or for its whole run.
    public init(
        pipeline: PipelineID,
        step: StepID? = nil,
        run: Which = .sameDate,
        offsetSeconds: Double = 0,
        states: [String] = [StepState.success.rawValue],
        failedStates: [String] = [],
        skippedStates: [String] = []
    ) {
        self.pipeline = pipeline
        self.step = step
        self.run = run
        self.offsetSeconds = offsetSeconds
        self.states = states
        self.failedStates = failedStates
        self.skippedStates = skippedStates
    }

    enum CodingKeys: String, CodingKey {
        case pipeline, step, run
        case offsetSeconds = "offset_seconds"
        case states
        case failedStates = "failed_states"
        case skippedStates = "skipped_states"
    }
}

/// An answer that a web server has to give.
public struct HTTPWait: Hashable, Codable, Sendable {
    /// The address, `http` or `https`; a template.
    public var url: String
    /// The method, as in `GET`.
    public var method: String
    /// Headers of the request; the values are templates.
    public var headers: [String: String]
    /// The statuses that count.
    public var status: [Int]
    /// Text that the body has to contain; a template.
    public var contains: String?
    /// A condition over the body read as JSON, `body`, and the status, `status`; a template.
    public var json: String?

    /// A wait for the status 200 of `url`.
    public init(
        url: String,
        method: String = "GET",
        headers: [String: String] = [:],
        status: [Int] = [200],
        contains: String? = nil,
        json: String? = nil
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.status = status
        self.contains = contains
        self.json = json
    }

    /// The names that ``json`` may use besides those of every template.
    public static let answerNames = ["body", "status"]
}

/// An SQL statement that has to come true.
public struct SQLWait: Hashable, Codable, Sendable {
    /// The statement, or several; the first cell that the last one returns decides.
    ///
    /// A template. The step's inputs are views.
    public var statement: String

    /// A wait until `statement` gives something other than nothing, null, 0, false or empty text.
    public init(statement: String) { self.statement = statement }
}

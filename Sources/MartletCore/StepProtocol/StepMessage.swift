/// What a running step tells its runner: a line of the message file, or a frame.
///
/// As JSON an object whose `type` says which; unknown members are ignored, so that a step written for a later
/// version still runs.
public enum StepMessage: Hashable, Sendable {
    /// How far the step is.
    case progress(StepProgress)
    /// A number worth keeping, as in rows written.
    case metric(name: String, value: Double)
    /// A small value for later steps.
    case value(name: PortName, value: JSONValue)
    /// An output that was written somewhere else than asked.
    case output(name: PortName, path: String)
    /// A line for the attempt's log.
    case log(level: String, text: String)
    /// What a check said of the data that the step reads.
    case verdict(CheckVerdict)
    /// The step chose to be skipped.
    case skip(reason: String)
    /// The step failed, and knows why.
    case failure(error: MartletError, retry: Bool)
}

/// How far a step is.
public struct StepProgress: Hashable, Sendable {
    /// How much is done, in a unit of the step's choice.
    public var done: Double
    /// What `done` will be at the end, when that is known.
    public var total: Double?
    /// What the step is at, for people; nil when it does not say.
    public var text: String?

    /// A progress with `done` of `total`.
    public init(done: Double, total: Double? = nil, text: String? = nil) {
        self.done = done
        self.total = total
        self.text = text
    }

    /// From 0 to 1, when the total is known.
    public var fraction: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, max(0, done / total))
    }
}

extension StepMessage: Codable {
    enum CodingKeys: String, CodingKey {
        case type, done, total, fraction, text, name, value, path, level, reason, error, retry, verdict
    }

    /// Decodes a message by its `type`; progress may also be given as a `fraction` from 0 to 1.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        switch try fields.decode(String.self, forKey: .type) {
        case "progress":
            let fraction = try fields.decodeIfPresent(Double.self, forKey: .fraction)
            self = .progress(
                StepProgress(
                    done: try fraction ?? fields.decode(Double.self, forKey: .done),
                    total: try fraction == nil ? fields.decodeIfPresent(Double.self, forKey: .total) : 1,
                    text: try fields.decodeIfPresent(String.self, forKey: .text)
                )
            )
        case "metric":
            self = .metric(
                name: try fields.decode(String.self, forKey: .name),
                value: try fields.decode(Double.self, forKey: .value)
            )
        case "value":
            self = .value(
                name: try fields.decode(PortName.self, forKey: .name),
                value: try fields.decode(JSONValue.self, forKey: .value)
            )
        case "output":
            self = .output(
                name: try fields.decode(PortName.self, forKey: .name),
                path: try fields.decode(String.self, forKey: .path)
            )
        case "log":
            self = .log(
                level: try fields.decodeIfPresent(String.self, forKey: .level) ?? "info",
                text: try fields.decode(String.self, forKey: .text)
            )
        case "verdict":
            self = .verdict(try fields.decode(CheckVerdict.self, forKey: .verdict))
        case "skip":
            self = .skip(reason: try fields.decodeIfPresent(String.self, forKey: .reason) ?? "the step chose to skip")
        case "failure":
            self = .failure(
                error: try fields.decode(MartletError.self, forKey: .error),
                retry: try fields.decodeIfPresent(Bool.self, forKey: .retry) ?? true
            )
        case let other:
            throw DecodingError.dataCorruptedError(
                forKey: .type,
                in: fields,
                debugDescription: "\"\(other)\" is not a type of message"
            )
        }
    }

    /// Encodes the message with its `type`; progress always as `done`, never as `fraction`.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .progress(let progress):
            try fields.encode("progress", forKey: .type)
            try fields.encode(progress.done, forKey: .done)
            try fields.encodeIfPresent(progress.total, forKey: .total)
            try fields.encodeIfPresent(progress.text, forKey: .text)
        case .metric(let name, let value):
            try fields.encode("metric", forKey: .type)
            try fields.encode(name, forKey: .name)
            try fields.encode(value, forKey: .value)
        case .value(let name, let value):
            try fields.encode("value", forKey: .type)
            try fields.encode(name, forKey: .name)
            try fields.encode(value, forKey: .value)
        case .output(let name, let path):
            try fields.encode("output", forKey: .type)
            try fields.encode(name, forKey: .name)
            try fields.encode(path, forKey: .path)
        case .log(let level, let text):
            try fields.encode("log", forKey: .type)
            try fields.encode(level, forKey: .level)
            try fields.encode(text, forKey: .text)
        case .verdict(let verdict):
            try fields.encode("verdict", forKey: .type)
            try fields.encode(verdict, forKey: .verdict)
        case .skip(let reason):
            try fields.encode("skip", forKey: .type)
            try fields.encode(reason, forKey: .reason)
        case .failure(let error, let retry):
            try fields.encode("failure", forKey: .type)
            try fields.encode(error, forKey: .error)
            try fields.encode(retry, forKey: .retry)
        }
    }
}

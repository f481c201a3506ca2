/// Names a series of one pipeline's metrics, as in `run:duration`, `step:ingest:rows` or `dataset:flights/raw:bytes`.
public struct MetricSeriesID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// What a metric is about.
    public enum Subject: Hashable, Sendable {
        /// The run as a whole.
        case run
        case step(StepID)
        case dataset(DatasetID)
    }

    /// What the metric is about.
    public let subject: Subject
    /// What is measured.
    public let metric: String

    /// The metric of a subject.
    public init(_ subject: Subject, _ metric: String) {
        self.subject = subject
        self.metric = metric
    }

    /// Reads the text of a series; nil when it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("run", 2...):
            self.init(.run, parts.dropFirst().joined(separator: ":"))
        case ("step", 3):
            guard let step = StepID(rawValue: parts[1]) else { return nil }
            self.init(.step(step), parts[2])
        case ("dataset", 3):
            guard let dataset = DatasetID(rawValue: parts[1]) else { return nil }
            self.init(.dataset(dataset), parts[2])
        default:
            return nil
        }
        if metric.isEmpty { return nil }
    }

    /// The text.
    public var description: String {
        switch subject {
        case .run: "run:\(metric)"
        case .step(let step): "step:\(step):\(metric)"
        case .dataset(let dataset): "dataset:\(dataset):\(metric)"
        }
    }

    /// Orders by the text.
    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

extension MetricSeriesID: Codable {
    /// Decodes the text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = MetricSeriesID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is not a series")
        }
        self = id
    }

    /// Encodes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What a step waits for; as JSON an object with the one key that names its kind.
public enum WaitCondition: Hashable, Codable, Sendable {
    case file(FileWait)
    case dataset(DatasetWait)
    case until(UntilWait)
    case step(StepWait)
    case http(HTTPWait)
    case sql(SQLWait)

    /// The kind's name, as in YAML.
    public var kind: String {
        switch self {
        case .file: "file"
        case .dataset: "dataset"
        case .until: "until"
        case .step: "step"
        case .http: "http"
        case .sql: "sql"
        }
    }

    /// Decodes the member that names the kind; others belong to the policy.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let key = container.allKeys.first, container.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a step waits for one thing; found another number"
                )
            )
        }
        switch key {
        case .file: self = .file(try container.decode(FileWait.self, forKey: key))
        case .dataset: self = .dataset(try container.decode(DatasetWait.self, forKey: key))
        case .until: self = .until(try container.decode(UntilWait.self, forKey: key))
        case .step: self = .step(try container.decode(StepWait.self, forKey: key))
        case .http: self = .http(try container.decode(HTTPWait.self, forKey: key))
        case .sql: self = .sql(try container.decode(SQLWait.self, forKey: key))
        }
    }

    /// Encodes the member that names the kind.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .file(let wait): try container.encode(wait, forKey: .file)
        case .dataset(let wait): try container.encode(wait, forKey: .dataset)
        case .until(let wait): try container.encode(wait, forKey: .until)
        case .step(let wait): try container.encode(wait, forKey: .step)
        case .http(let wait): try container.encode(wait, forKey: .http)
        case .sql(let wait): try container.encode(wait, forKey: .sql)
        }
    }

    enum CodingKeys: String, CodingKey {
        case file, dataset, until, step, http, sql
    }
}

/// A file that has to be there.
public struct FileWait: Hashable, Codable, Sendable {
    /// The path, or a pattern with `*`, `?` and `**`; relative to the project root; a template.
    ///
    /// A folder stands for the files directly in it.
    public var path: String
    /// Smaller files do not count.
    public var minBytes: Int
    /// Files changed later than so long ago do not count: someone may still be writing them.
    public var settledSeconds: Double

    /// A wait for a file that `path` names.
    public init(path: String, minBytes: Int = 0, settledSeconds: Double = 0) {
        self.path = path
        self.minBytes = minBytes
        self.settledSeconds = settledSeconds
    }

    enum CodingKeys: String, CodingKey {
        case path
        case minBytes = "min_bytes"
        case settledSeconds = "settled_seconds"
    }
}

/// A dataset that has to be written.
public struct DatasetWait: Hashable, Codable, Sendable {
    /// From when on a writing counts.
    public enum Since: String, Codable, Hashable, Sendable, CaseIterable {
        /// The start of the run's data interval; the start of the wait when the run has none.
        case intervalStart = "interval_start"
        /// The start of the wait.
        case stepStart = "step_start"
        /// Whenever it was.
        case ever
    }

    /// The dataset, whichever pipeline writes it.
    public var dataset: DatasetID
    /// From when on a writing counts.
    public var since: Since

    /// A wait for a writing of `dataset`.
    public init(dataset: DatasetID, since: Since = .intervalStart) {
        self.dataset = dataset
        self.since = since
    }
}

/// An instant that has to come.
public enum UntilWait: Hashable, Sendable {
    /// An instant in RFC 3339; a template.
    case instant(String)
    /// A time of the day on which the wait starts, as in `06:30`; nil as the zone is UTC.
    case timeOfDay(String, timezone: String?)
    /// So long after a time of the run.
    case delta(seconds: Double, from: Origin)

    /// A time that a run has.
    public enum Origin: String, Codable, Hashable, Sendable, CaseIterable {
        case logicalDate = "logical_date"
        case intervalEnd = "interval_end"
    }
}

extension UntilWait: Codable {
    /// Decodes an object with `at`, with `time` and perhaps `timezone`, or with `delta_seconds` and `from`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let time = try container.decodeIfPresent(String.self, forKey: .time) {
            self = .timeOfDay(time, timezone: try container.decodeIfPresent(String.self, forKey: .timezone))
        } else if let seconds = try container.decodeIfPresent(Double.self, forKey: .deltaSeconds) {
            self = .delta(seconds: seconds, from: try container.decode(Origin.self, forKey: .from))
        } else {
            self = .instant(try container.decode(String.self, forKey: .at))
        }
    }

    /// Encodes the members of its form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .instant(let text):
            try container.encode(text, forKey: .at)
        case .timeOfDay(let time, let timezone):
            try container.encode(time, forKey: .time)
            try container.encodeIfPresent(timezone, forKey: .timezone)
        case .delta(let seconds, let origin):
            try container.encode(seconds, forKey: .deltaSeconds)
            try container.encode(origin, forKey: .from)
        }
    }

    enum CodingKeys: String, CodingKey {
        case at, time, timezone
        case deltaSeconds = "delta_seconds"
        case from
    }
}

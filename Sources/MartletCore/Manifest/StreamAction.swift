/// Runs a definition over a stream or over stored data, or has a program answer the events of a stream.
public struct StreamAction: Hashable, Codable, Sendable {
    /// Where a stream starts that has not been read before.
    public enum Start: String, Hashable, Codable, Sendable, CaseIterable {
        /// At the first record there is.
        case earliest
        /// At the records that come from now on.
        case latest
    }

    /// When a stream ends.
    public enum Until: String, Hashable, Codable, Sendable, CaseIterable {
        /// When all has been read that was there at the start.
        case end
        /// When it is stopped.
        case forever
    }

    /// The file that the definition is from, relative to the project root; nil for one that is written in the pipeline.
    public var file: String?
    /// What is computed.
    ///
    /// Exactly one of `definition` and `trigger` is set.
    public var definition: StreamDefinition?
    /// The program that answers events.
    public var trigger: StreamTrigger?
    /// Where the records are, as in `topic:flights` or a file; a template.
    public var from: String
    /// Where the results go, as in `sqlite:features.db`, `topic:delays` or a file; a template.
    public var to: String
    /// The cluster, as in `kafka://host:9092`; a template.
    ///
    /// Nil for the project's own log server.
    public var broker: String?
    /// Where a stream starts that has not been read before.
    public var start: Start
    /// When it ends.
    public var until: Until
    /// Whether all windows close at the end; later records for them are late then.
    ///
    /// Nil for no.
    public var closesWindows: Bool?
    /// How often results are committed; a second when not given.
    public var commitInterval: EventSpan?

    /// A definition that runs from somewhere to somewhere.
    public init(
        file: String? = nil,
        definition: StreamDefinition? = nil,
        trigger: StreamTrigger? = nil,
        from: String,
        to: String,
        broker: String? = nil,
        start: Start = .earliest,
        until: Until = .end,
        closesWindows: Bool? = nil,
        commitInterval: EventSpan? = nil
    ) {
        self.file = file
        self.definition = definition
        self.trigger = trigger
        self.from = from
        self.to = to
        self.broker = broker
        self.start = start
        self.until = until
        self.closesWindows = closesWindows
        self.commitInterval = commitInterval
    }

    enum CodingKeys: String, CodingKey {
        case file, definition, trigger, from, to, broker, start, until
        case closesWindows = "close_windows"
        case commitInterval = "commit_every"
    }
}

/// A program that is told events and answers each, and how it is told them.
public struct StreamTrigger: Hashable, Codable, Sendable {
    /// A line for `/bin/sh`; a template.
    public var command: String
    /// The version of the model, which goes into a header of every answer and makes answers tell apart.
    public var model: String
    /// Most events that the program is told at once.
    public var batch: Int
    /// How long events wait for others to be told with.
    public var wait: EventSpan
    /// How long the program may take for the events that it was told at once.
    public var timeout: EventSpan

    /// A program with its limits.
    public init(
        command: String,
        model: String = "1",
        batch: Int = 100,
        wait: EventSpan = .milliseconds(10),
        timeout: EventSpan = .seconds(30)
    ) {
        self.command = command
        self.model = model
        self.batch = batch
        self.wait = wait
        self.timeout = timeout
    }
}

extension StreamAction {
    /// Whether it reads or writes more than files.
    public var isLive: Bool { [from, to].contains { $0.hasPrefix("topic:") || $0.hasPrefix("sqlite:") } }

    /// What a place names.
    public enum Place: Hashable, Sendable {
        /// A topic.
        case topic(String)
        /// A table of an SQLite database; nil for one that is called as the stream is.
        case sqlite(file: String, table: String?)
        /// A file; `-` is standard output.
        case file(String)

        /// Reads `topic:flights`, `sqlite:features.db#delays` or a path.
        ///
        /// - Throws: ``MartletError`` MT1005 when a name is missing.
        public init(_ text: String) throws(MartletError) {
            if text.hasPrefix("topic:") {
                self = .topic(String(text.dropFirst("topic:".count)))
            } else if text.hasPrefix("sqlite:") {
                let rest = text.dropFirst("sqlite:".count)
                let parts = rest.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let table = parts.count > 1 ? String(parts[1]) : nil
                self = .sqlite(file: parts.first.map(String.init) ?? "", table: table)
                if table == "" { throw Self.nameless(text) }
            } else {
                self = .file(text)
            }
            switch self {
            case .topic(""), .sqlite("", _), .file(""): throw Self.nameless(text)
            default: break
            }
        }

        private static func nameless(_ text: String) -> MartletError {
            MartletError(
                .valueInvalid,
                "\"\(text)\" names nothing that a stream can read or write",
                remedy: "write topic:NAME, sqlite:FILE, sqlite:FILE#TABLE, or the path of a file"
            )
        }
    }
}

/// Where a stream's records come from, and what is known of their times.
public struct StreamInput: Hashable, Codable, Sendable {
    /// The columns of each record.
    public var fields: [StreamField]
    /// The column with the event time, of type `timestamp`; without it the record's own timestamp is the event time.
    public var timeField: String?
    /// How far a record's event time may be behind the highest before it.
    public var disorder: EventSpan
    /// After what time without records a partition no longer holds event time back; nil for never.
    public var idleTimeout: EventSpan?
    /// Whether event time goes on with the wall clock while all partitions are idle and read to their ends.
    public var followsWallClock: Bool?
    /// How far an event time may be ahead of the record's timestamp (with `timeField`) or of the wall clock; records
    /// further ahead are put aside and do not move event time.
    ///
    /// Nil for any.
    public var maximumAhead: EventSpan?

    /// Records with these columns.
    public init(
        fields: [StreamField],
        timeField: String? = nil,
        disorder: EventSpan = .zero,
        idleTimeout: EventSpan? = nil,
        followsWallClock: Bool? = nil,
        maximumAhead: EventSpan? = nil
    ) {
        self.fields = fields
        self.timeField = timeField
        self.disorder = disorder
        self.idleTimeout = idleTimeout
        self.followsWallClock = followsWallClock
        self.maximumAhead = maximumAhead
    }

    enum CodingKeys: String, CodingKey {
        case fields
        case timeField = "time"
        case disorder
        case idleTimeout = "idle_after"
        case followsWallClock = "follows_wall_clock"
        case maximumAhead = "max_ahead"
    }
}

/// A column made by an expression over those before it.
public struct DerivedColumn: Hashable, Codable, Sendable {
    /// Its name.
    public var name: String
    /// The expression.
    public var expression: String

    /// The column `name`, made by `expression`.
    public init(_ name: String, _ expression: String) {
        self.name = name
        self.expression = expression
    }
}

/// When the results of a window are emitted.
public enum EmitMode: String, Hashable, Codable, Sendable, CaseIterable {
    /// Once, when no record can change the window any more: the watermark has passed its end and the lateness.
    case final
    /// When the watermark passes the end, and again after each batch with late records within the lateness.
    case onWatermark = "on_watermark"
    /// After each batch that changed it.
    case onChange = "on_change"
}

/// By which watermark a record is judged late.
public enum LatenessRule: String, Hashable, Codable, Sendable, CaseIterable {
    /// By its own partition's, unless the task's is ahead of it. The same records are late however the partitions
    /// interleave, so a replay gives the results of the live run. The default.
    case partition
    /// By the task's at that moment: fewer records are late while another partition lags behind, but which ones depends
    /// on how the partitions interleave.
    case task
}

/// Which records are repeated ones, as a producer without idempotence sends them.
public struct Deduplication: Hashable, Codable, Sendable {
    /// The columns that tell a record from others; one with a null in them is never a repeated one.
    public var by: [String]
    /// How far apart in event time two records with the same values are the same.
    ///
    /// Of them, the one that comes first counts; that is the same in each run when repeated records are in one
    /// partition, as those of one key are.
    public var within: EventSpan

    /// Records are the same when these columns are, and their times are close.
    public init(by: [String], within: EventSpan) {
        self.by = by
        self.within = within
    }
}

/// What a stream computes: a value that runs over a stream and, as it is, over stored data.
public struct StreamDefinition: Hashable, Codable, Sendable {
    /// The name.
    public var name: String
    /// The records.
    public var source: StreamInput
    /// Which records count: an expression that is true for them.
    public var filter: String?
    /// Further columns, which the filter, the key and the aggregates may use.
    public var derived: [DerivedColumn]?
    /// Which records are left out as repeated; none when not given.
    public var deduplicate: Deduplication?
    /// The columns that records are grouped by.
    public var key: [String]
    /// The windows; without them the records that pass the filter are the result.
    public var window: WindowSpec?
    /// For how long after its end a window still takes late records.
    public var allowedLateness: EventSpan?
    /// By which watermark records are late; `partition` when not given.
    public var lateBy: LatenessRule?
    /// The aggregates.
    public var aggregates: [AggregateSpec]
    /// When results are emitted; `final` when not given.
    public var emit: EmitMode?
    /// Whether each further pane of a window comes with a retraction of the one before.
    public var retracts: Bool?

    /// A definition; it is checked when it is made a plan.
    public init(
        name: String,
        source: StreamInput,
        filter: String? = nil,
        derived: [DerivedColumn]? = nil,
        deduplicate: Deduplication? = nil,
        key: [String] = [],
        window: WindowSpec? = nil,
        allowedLateness: EventSpan? = nil,
        lateBy: LatenessRule? = nil,
        aggregates: [AggregateSpec] = [],
        emit: EmitMode? = nil,
        retracts: Bool? = nil
    ) {
        self.name = name
        self.source = source
        self.filter = filter
        self.derived = derived
        self.deduplicate = deduplicate
        self.key = key
        self.window = window
        self.allowedLateness = allowedLateness
        self.lateBy = lateBy
        self.aggregates = aggregates
        self.emit = emit
        self.retracts = retracts
    }

    enum CodingKeys: String, CodingKey {
        case name, source, filter
        case derived = "columns"
        case deduplicate, key, window
        case allowedLateness = "lateness"
        case lateBy = "late_by"
        case aggregates, emit, retracts
    }
}

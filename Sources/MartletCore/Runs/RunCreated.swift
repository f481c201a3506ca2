/// What is fixed when a run is created.
public struct RunCreated: Hashable, Codable, Sendable {
    /// The pipeline that runs.
    public var pipeline: PipelineID
    /// The SHA-256 of the manifest's JSON, under which the store keeps it.
    public var manifestHash: String
    /// The values of all parameters by name, defaults filled in.
    public var params: [String: JSONValue]
    /// The user's program, when the pipeline is written in Swift.
    public var program: String?
    /// The folder that relative paths start from.
    public var projectRoot: String
    /// The version of Martlet that created the run.
    public var martletVersion: String
    /// Most steps that run at once.
    public var slots: Int
    /// Why there is the run, and the time it stands for.
    public var occasion: RunOccasion
    /// What it reproduces; nil for a run in its own right.
    public var reproduction: Reproduction?
    // Most runs do, and their logs need not say so.
    private var noCache: Bool?

    /// Whether steps may use the results of earlier runs.
    public var usesCache: Bool { noCache != true }

    /// The facts of a new run with at most `slots` steps at once.
    public init(
        pipeline: PipelineID,
        manifestHash: String,
        params: [String: JSONValue],
        program: String?,
        projectRoot: String,
        martletVersion: String,
        slots: Int,
        occasion: RunOccasion = RunOccasion(),
        usesCache: Bool = true,
        reproduction: Reproduction? = nil
    ) {
        self.reproduction = reproduction
        noCache = usesCache ? nil : true
        self.pipeline = pipeline
        self.manifestHash = manifestHash
        self.params = params
        self.program = program
        self.projectRoot = projectRoot
        self.martletVersion = martletVersion
        self.slots = slots
        self.occasion = occasion
    }

    /// Decodes the facts; runs of before there were schedules have no occasion.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        pipeline = try container.decode(PipelineID.self, forKey: .pipeline)
        manifestHash = try container.decode(String.self, forKey: .manifestHash)
        params = try container.decode([String: JSONValue].self, forKey: .params)
        program = try container.decodeIfPresent(String.self, forKey: .program)
        projectRoot = try container.decode(String.self, forKey: .projectRoot)
        martletVersion = try container.decode(String.self, forKey: .martletVersion)
        slots = try container.decode(Int.self, forKey: .slots)
        occasion = try container.decodeIfPresent(RunOccasion.self, forKey: .occasion) ?? RunOccasion()
        noCache = try container.decodeIfPresent(Bool.self, forKey: .noCache)
        reproduction = try container.decodeIfPresent(Reproduction.self, forKey: .reproduction)
    }

    enum CodingKeys: String, CodingKey {
        case pipeline
        case manifestHash = "manifest_hash"
        case params, program
        case projectRoot = "project_root"
        case martletVersion = "martlet_version"
        case slots, occasion, reproduction
        case noCache = "no_cache"
    }
}

/// What made a run come about.
public enum RunKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// A person or a program asked for it.
    case manual
    /// Its schedule's time had come.
    case scheduled
    /// A backfill covers its date.
    case backfill
    /// Datasets were written.
    case dataset
}

/// Why there is a run, and the time it stands for.
public struct RunOccasion: Hashable, Codable, Sendable {
    /// What made it come about.
    public var kind: RunKind
    /// The date it stands for, unique in its pipeline; nil for a run that stands for none.
    public var logicalDate: Timestamp?
    /// Where the data it covers begins.
    public var intervalStart: Timestamp?
    /// Where the data it covers ends; not part of it.
    public var intervalEnd: Timestamp?
    /// It does not start before.
    public var runAfter: Timestamp?
    /// The time zone of its schedule.
    public var timezone: String?
    /// The version of the time zone database that its times were computed with.
    public var timezoneDatabase: String?
    /// The backfill it belongs to.
    public var backfill: String?
    /// Its place in that backfill, from 0.
    public var ordinal: Int?
    /// The number of the pipeline's version.
    public var version: Int?
    /// The part of the data it covers, for partitioned pipelines.
    public var partition: String?
    /// Who asked for it, or why, in their words.
    public var note: String?
    /// Whether the scheduler executes it; else the command that created it does.
    public var isUnattended: Bool

    /// An occasion; a manual one without a date unless told otherwise.
    public init(
        kind: RunKind = .manual,
        logicalDate: Timestamp? = nil,
        intervalStart: Timestamp? = nil,
        intervalEnd: Timestamp? = nil,
        runAfter: Timestamp? = nil,
        timezone: String? = nil,
        timezoneDatabase: String? = nil,
        backfill: String? = nil,
        ordinal: Int? = nil,
        version: Int? = nil,
        partition: String? = nil,
        note: String? = nil,
        isUnattended: Bool = false
    ) {
        self.kind = kind
        self.logicalDate = logicalDate
        self.intervalStart = intervalStart
        self.intervalEnd = intervalEnd
        self.runAfter = runAfter
        self.timezone = timezone
        self.timezoneDatabase = timezoneDatabase
        self.backfill = backfill
        self.ordinal = ordinal
        self.version = version
        self.partition = partition
        self.note = note
        self.isUnattended = isUnattended
    }

    enum CodingKeys: String, CodingKey {
        case kind
        case logicalDate = "logical_date"
        case intervalStart = "data_interval_start"
        case intervalEnd = "data_interval_end"
        case runAfter = "run_after"
        case timezone
        case timezoneDatabase = "tzdb"
        case backfill, ordinal, version, partition, note
        case isUnattended = "unattended"
    }
}

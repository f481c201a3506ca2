import MartletCore

/// The keys that each kind of mapping may have, and what is said of others.
struct KnownKeys: Sendable {
    /// What the mapping is called, as in "a step".
    let owner: String
    let keys: [String]
    /// Keys that belong somewhere else, and where.
    let elsewhere: [String: String]
    private let known: Set<String>

    init(owner: String, keys: [String], elsewhere: [String: String] = [:]) {
        self.owner = owner
        self.keys = keys
        self.elsewhere = elsewhere
        known = Set(keys)
    }

    static let pipeline = KnownKeys(
        owner: "a pipeline",
        keys: [
            "pipeline", "description", "owner", "tags", "schedule", "params", "env", "defaults", "max_parallel_steps",
        ] + runKeys + ["sources", "groups", "steps"],
        elsewhere: Dictionary(
            uniqueKeysWithValues: policyKeys.map { ($0, "put it under defaults, or in a step") }
                + (ownKeys + placeKeys).map { ($0, "put it in a step") }
        )
    )
    static let deadline = KnownKeys(
        owner: "a deadline",
        keys: ["from", "within", "at", "runs", "minimum_runs", "notify"]
    )
    static let group = KnownKeys(
        owner: "a group",
        keys: ["id", "description", "parent", "after", "map"],
        elsewhere: [
            "steps": "give each step of it group: ID", "group": "did you mean parent?",
            "trigger_rule": "put it in the group's first steps",
        ]
    )
    static let map = KnownKeys(
        owner: "a map",
        keys: ["over", "files", "pattern", "combine", "filter", "label", "limit"]
    )
    static let mapFiles = KnownKeys(owner: "a list of files", keys: ["files", "pattern"])
    static let teardown = KnownKeys(owner: "a teardown", keys: ["of", "fails_run"])
    static let schedule = KnownKeys(
        owner: "a schedule",
        keys: scheduleRules + [
            "timezone", "start", "end", "catchup", "data_intervals", "interval", "run_immediately", "dst", "calendar",
            "datasets", "dataset_policy",
        ],
        elsewhere: ["holidays": "put it under calendar", "weekends": "put it under calendar"]
    )
    static let cache = KnownKeys(owner: "a cache", keys: ["enabled", "code", "params"])
    static let publish = KnownKeys(owner: "publish", keys: ["to", "conflicts"])
    static let calendar = KnownKeys(owner: "a calendar", keys: ["weekends", "holidays", "policy"])
    static let daylight = KnownKeys(owner: "dst", keys: ["gap", "fold"])
    static let datasetCondition = KnownKeys(owner: "a condition on datasets", keys: ["any", "all"])
    static let datasetPolicy = KnownKeys(owner: "a dataset policy", keys: ["window"])
    static let datasetWindow = KnownKeys(owner: "a window", keys: ["duration", "count", "quiet"])
    static let parameter = KnownKeys(
        owner: "a parameter",
        keys: [
            "type", "description", "default", "minimum", "maximum", "exclusive_minimum", "exclusive_maximum",
            "multiple_of", "min_length", "max_length", "pattern", "enum",
        ]
    )
    static let defaults = KnownKeys(
        owner: "defaults",
        keys: policyKeys + ["engine", "env"],
        elsewhere: Dictionary(uniqueKeysWithValues: (ownKeys + placeKeys).map { ($0, "put it in a step") })
    )
    static let source = KnownKeys(owner: "a source", keys: ["path", "format"])
    static let output = KnownKeys(owner: "an output", keys: ["dataset", "format"])
    static let check = KnownKeys(
        owner: "a check",
        keys: ["suite", "parameters", "semantics", "result_format", "blocks", "mask"] + suiteKeys,
        elsewhere: ["severity": "give it to an expectation of the suite", "quarantine": "put it in the step"]
    )
    /// The keys by which a suite that is written in the pipeline is told.
    static let suiteKeys = ["columns", "expect", "expectations"]
    static let quarantine = KnownKeys(owner: "quarantine", keys: ["rows", "share"])
    static let streamStep = KnownKeys(
        owner: "a stream",
        keys: ["definition", "trigger", "from", "to", "broker", "start", "until", "close_windows", "commit_every"]
    )
    static let sparkStep = KnownKeys(
        owner: "a spark step",
        keys: [
            "sql", "script", "jar", "class", "args", "on", "conf", "requirements", "packages", "jars", "py_files",
            "files", "cluster_driver",
        ]
    )
    static let sparkSettings = KnownKeys(owner: "spark", keys: ["on", "conf", "requirements"])
    static let streamTrigger = KnownKeys(owner: "a trigger", keys: ["command", "model", "batch", "wait", "timeout"])
    static let streamDefinition = KnownKeys(
        owner: "a stream's definition",
        keys: [
            "name", "source", "filter", "columns", "deduplicate", "key", "window", "lateness", "late_by", "aggregates",
            "emit", "retracts",
        ],
        elsewhere: [
            "from": "put it in the step, or on the command line", "to": "put it in the step, or on the command line",
        ]
    )
    static let streamSource = KnownKeys(
        owner: "a source",
        keys: ["fields", "time", "disorder", "idle_after", "follows_wall_clock", "max_ahead"]
    )
    static let streamWindow = KnownKeys(owner: "a window", keys: ["tumbling", "hopping", "every", "session", "offset"])
    static let deduplication = KnownKeys(owner: "deduplicate", keys: ["by", "within"])
    static let branchCase = KnownKeys(owner: "a case of a branch", keys: ["when", "follow"])
    static let wait = KnownKeys(
        owner: "a wait",
        keys: waitKinds + ["poll_interval", "timeout", "on_timeout", "on_error", "backoff", "max_wait"]
    )
    /// The keys of `wait` that say what is waited for, and below each what it may have.
    static let waitKinds = ["file", "dataset", "until", "step", "http", "sql"]
    static let fileWait = KnownKeys(owner: "a wait for a file", keys: ["path", "min_bytes", "settled_for"])
    static let datasetWait = KnownKeys(owner: "a wait for a dataset", keys: ["name", "since"])
    static let untilWait = KnownKeys(
        owner: "a wait for a time",
        keys: ["at", "time", "timezone", "delta", "from"]
    )
    static let stepWait = KnownKeys(
        owner: "a wait for a step",
        keys: [
            "pipeline", "step", "run", "earlier_by", "later_by", "states", "failed_states", "skipped_states",
        ]
    )
    static let httpWait = KnownKeys(
        owner: "a wait for a web server",
        keys: ["url", "method", "headers", "status", "contains", "json"]
    )
    static let approve = KnownKeys(
        owner: "a question",
        keys: [
            "message", "options", "refusals", "default", "timeout", "on_timeout", "on_refusal", "approvers", "notify",
        ]
    )
    static let notifier = KnownKeys(
        owner: "a notifier",
        keys: notifierWays + ["timeout", "retries", "env"]
    )
    /// The keys of a notifier that say how it tells people, and below each what it may have.
    static let notifierWays = ["command", "log", "slack", "pagerduty", "alertmanager", "webhook", "email"]
    static let slack = KnownKeys(owner: "a Slack notifier", keys: ["url"])
    static let pagerDuty = KnownKeys(owner: "a PagerDuty notifier", keys: ["routing_key", "url"])
    static let alertmanager = KnownKeys(owner: "an Alertmanager notifier", keys: ["url", "labels", "hold"])
    static let webhook = KnownKeys(
        owner: "a webhook",
        keys: ["url", "secret", "secrets", "format", "headers"]
    )
    static let email = KnownKeys(
        owner: "an email notifier",
        keys: ["host", "port", "encryption", "user", "password", "from", "to"]
    )
    static let incidents = KnownKeys(
        owner: "incidents",
        keys: [
            "routes", "group_by", "group_wait", "group_interval", "repeat", "cooldown", "retry_grace", "inhibit",
            "runbooks",
        ]
    )
    static let incidentRoute = KnownKeys(owner: "a route", keys: ["match", "notify", "escalate"])
    static let escalation = KnownKeys(owner: "a level of an escalation", keys: ["after", "notify"])
    static let runbook = KnownKeys(owner: "a runbook", keys: ["match", "url"])
    static let project = KnownKeys(
        owner: "a project",
        keys: [
            "project", "pipelines", "state", "streams", "spark", "python", "max_parallel_steps", "notifiers",
            "incidents",
            "policy",
        ]
    )
    static let step = KnownKeys(
        owner: "a step",
        keys: stepKinds + kindOfKey.keys.sorted() + [
            "id", "description", "owner", "tags", "inputs", "outputs", "values", "after", "when", "env",
        ] + ownKeys + policyKeys + placeKeys,
        elsewhere: Dictionary(
            uniqueKeysWithValues: (runKeys + ["schedule", "params", "sources", "groups", "steps"])
                .map { ($0, "it belongs to the pipeline: put it at the top of the file") }
        )
    )

    /// Whether the mapping may have this key.
    func contains(_ key: String) -> Bool { known.contains(key) }

    /// The keys that say at which times a pipeline starts.
    static let scheduleRules = ["cron", "every", "at", "once", "continuous"]
    /// The keys that say what a step does.
    static let stepKinds = [
        "command", "python", "sql", "check", "stream", "spark", "branch", "short_circuit", "wait", "approve",
    ]
    /// The keys that only one kind of step has, and that kind.
    static let kindOfKey = [
        "args": "python", "requirements": "python", "respect_trigger_rules": "short_circuit",
        "quarantine": "check", "engine": "sql",
    ]
    /// The kinds of steps, as in "a, b or c".
    static let stepKindList = "\(stepKinds.dropLast().joined(separator: ", ")) or \(stepKinds.last ?? "")"

    /// The keys that `defaults` and steps share.
    private static let policyKeys = [
        "retries", "retry_delay", "retry_backoff", "max_retry_delay", "timeout", "trigger_rule", "skip_exit_codes",
        "working_directory", "pool", "priority", "weight_rule", "queue_timeout", "heartbeat", "depends_on_past",
        "wait_for_downstream", "variables", "connections", "cache",
    ]
    /// The keys of a step that say where it stands among the others.
    private static let ownKeys = ["group", "map", "setup", "teardown"]
    /// The keys of a step that say how much room it takes.
    private static let placeKeys = ["slots", "max_active", "max_active_per_run"]
    /// The keys of a pipeline that say how its runs are run.
    private static let runKeys = [
        "max_active_runs", "max_active_steps", "max_consecutive_failures", "run_timeout", "fail_fast", "paused",
        "rerun_with_latest_version", "deadline", "notify_on_failure", "publish",
    ]

    /// Keys of later versions.
    private static let later: Set<String> = [
        "http", "container",
    ]

    /// Reports every key of `entries` that is not known.
    func check(_ entries: [YAMLEntry], _ diagnostics: Diagnostics) {
        for entry in entries where !known.contains(entry.key) && !diagnostics.isFull {
            let (reason, remedy) = explanation(of: entry.key)
            diagnostics.report(
                .keyUnknown,
                "\(owner) has no key \"\(entry.key)\"",
                reason: reason,
                remedy: remedy,
                at: entry.keyPosition
            )
        }
    }

    private func explanation(of key: String) -> (reason: String?, remedy: String?) {
        let isStepOrPipeline = owner == Self.step.owner || owner == Self.pipeline.owner
        if isStepOrPipeline, Self.later.contains(key) || (key == "pipeline" && owner == Self.step.owner) {
            return ("this version of Martlet does not have it yet", "remove it")
        }
        if owner == Self.step.owner, key == "swift" {
            return (
                "Swift steps come from a Swift program", "write the pipeline in Swift, or run its program by command"
            )
        }
        if key == "<<" {
            return ("merge keys are no part of YAML 1.2", "write the keys out, or put them under defaults")
        }
        if let remedy = elsewhere[key] { return (nil, remedy) }
        if let synonym = Self.synonyms[key]?.first(where: contains) { return (nil, "did you mean \(synonym)?") }
        if let nearest = NearestName.of(key, among: keys) { return (nil, "did you mean \(nearest)?") }
        return (nil, "it has \(keys.joined(separator: ", "))")
    }
}

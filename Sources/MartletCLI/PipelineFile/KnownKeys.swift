import MartletCore

/// The keys that each kind of mapping may have, and what is said of others.
struct KnownKeys: Sendable {
    /// What the mapping is called, as in "a step".
    let owner: String
    let keys: [String]
    /// Keys that belong somewhere else, and where.
    let elsewhere: [String: String]
    private let known: Set<String>

    private init(owner: String, keys: [String], elsewhere: [String: String] = [:]) {
        self.owner = owner
        self.keys = keys
        self.elsewhere = elsewhere
        known = Set(keys)
    }

    static let pipeline = KnownKeys(
        owner: "a pipeline",
        keys: [
            "pipeline", "description", "owner", "tags", "schedule", "params", "env", "defaults", "max_parallel_steps",
            "sources", "steps",
        ],
        elsewhere: Dictionary(uniqueKeysWithValues: policyKeys.map { ($0, "put it under defaults, or in a step") })
    )
    static let schedule = KnownKeys(owner: "a schedule", keys: ["cron", "timezone", "catchup"])
    static let parameter = KnownKeys(
        owner: "a parameter",
        keys: [
            "type", "description", "default", "minimum", "maximum", "exclusive_minimum", "exclusive_maximum",
            "multiple_of", "min_length", "max_length", "pattern", "enum",
        ]
    )
    static let defaults = KnownKeys(owner: "defaults", keys: policyKeys + ["env"])
    static let source = KnownKeys(owner: "a source", keys: ["path", "format"])
    static let output = KnownKeys(owner: "an output", keys: ["dataset", "format"])
    static let branchCase = KnownKeys(owner: "a case of a branch", keys: ["when", "follow"])
    static let project = KnownKeys(
        owner: "a project",
        keys: ["project", "pipelines", "state", "python", "max_parallel_steps"]
    )
    static let step = KnownKeys(
        owner: "a step",
        keys: stepKinds + ["args", "requirements"] + [
            "id", "description", "owner", "tags", "inputs", "outputs", "values", "after", "when", "env",
        ] + policyKeys
    )

    /// Whether the mapping may have this key.
    func contains(_ key: String) -> Bool { known.contains(key) }

    /// The keys that say what a step does.
    static let stepKinds = ["command", "python", "sql", "branch"]
    /// The keys that only one kind of step has, and that kind.
    static let kindOfKey = ["args": "python", "requirements": "python"]

    private static let policyKeys = [
        "retries", "retry_delay", "retry_backoff", "max_retry_delay", "timeout", "trigger_rule", "skip_exit_codes",
        "working_directory",
    ]

    /// Keys of later versions.
    private static let later: Set<String> = [
        "check", "spark", "stream", "http", "container", "wait", "approve", "pool", "slots", "priority", "map", "cache",
        "deadline", "publish",
    ]

    /// Keys that people know from elsewhere, too far from ours to be found by their letters.
    private static let synonyms = [
        "depends_on": "after", "needs": "after", "upstream": "after", "run": "command", "shell": "command",
        "bash": "command", "cmd": "command", "name": "id", "if": "when", "condition": "when",
        "cwd": "working_directory",
        "workdir": "working_directory", "environment": "env", "query": "sql", "script": "python", "tasks": "steps",
        "jobs": "steps", "parameters": "params", "cron": "schedule", "arguments": "args", "packages": "requirements",
        "reads": "inputs", "writes": "outputs", "required": "default", "choices": "enum", "min": "minimum",
        "max": "maximum",
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
        if let synonym = Self.synonyms[key], contains(synonym) { return (nil, "did you mean \(synonym)?") }
        if let nearest = NearestName.of(key, among: keys) { return (nil, "did you mean \(nearest)?") }
        return (nil, "it has \(keys.joined(separator: ", "))")
    }
}

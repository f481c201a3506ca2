// The keys of policy and test files.
extension KnownKeys {
    static let policy = KnownKeys(
        owner: "a policy",
        keys: ["severity", "except", "rules"],
        elsewhere: Dictionary(uniqueKeysWithValues: ruleNames.map { ($0, "put it under rules") })
    )
    static let rules = KnownKeys(owner: "a policy's rules", keys: ruleNames)
    static let ruleNames = [
        "owner", "description", "tags", "pipeline_names", "step_count", "schedule_deadline", "schedule_notify",
        "catchup", "step_owner", "step_description", "step_tags", "step_names", "step_kinds", "retries", "timeout",
        "pools", "dataset_names",
    ]

    /// What every test may be given, and what all tests of a file may be given at once.
    private static let setupKeys = [
        "params", "logical_date", "data_interval", "partition", "fixtures", "stubs", "variables", "connections",
        "timeout",
    ]
    private static let outcomeKeys = ["expect", "render", "item"]
    static let testFile = KnownKeys(
        owner: "a test file",
        keys: ["pipeline", "tests", "name"] + setupKeys + outcomeKeys,
        elsewhere: ["cases": "write tests:", "steps": "put it under expect"]
    )
    static let test = KnownKeys(
        owner: "a test",
        keys: ["name"] + setupKeys + outcomeKeys,
        elsewhere: ["pipeline": "put it at the top of the file", "steps": "put it under expect"]
    )
    static let dataInterval = KnownKeys(owner: "a data interval", keys: ["start", "end"])
    static let fixture = KnownKeys(owner: "a fixture", keys: ["rows", "text", "format"])
    static let stub = KnownKeys(
        owner: "a stub",
        keys: [
            "state", "fail", "skip", "retryable", "reason", "values", "metrics", "outputs", "command", "follow",
            "answer",
        ],
        elsewhere: ["attempts": "write fail: COUNT", "error": "write reason: TEXT"]
    )
    static let expectation = KnownKeys(
        owner: "what a test expects",
        keys: ["state", "reason", "steps", "order", "datasets"],
        elsewhere: ["outputs": "write datasets:", "values": "put it under steps"]
    )
    static let stepExpectation = KnownKeys(
        owner: "what a test expects of a step",
        keys: ["state", "attempts", "values", "metrics", "error", "log", "render"],
        elsewhere: ["outputs": "write datasets: under expect", "reason": "write error:"]
    )
    static let datasetExpectation = KnownKeys(
        owner: "what a test expects of a dataset",
        keys: ["exists", "rows", "columns", "equals", "contains", "text"]
    )
    static let valueExpectation = KnownKeys(
        owner: "what a test expects of a value",
        keys: [
            "equals", "near", "within", "minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "multiple_of",
            "min_length", "max_length", "pattern", "enum", "contains", "type",
        ]
    )
    static let range = KnownKeys(owner: "a range", keys: ["minimum", "maximum"])
}

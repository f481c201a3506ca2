import MartletCore

/// What steps have that do not say otherwise.
struct StepDefaults {
    var policy = StepPolicy()
    var place = StepPlace()
    var env: [String: String] = [:]

    init() {}

    /// The values of the pipeline's `defaults` and `env`; those of `defaults` win.
    init(_ diagnostics: Diagnostics, defaults: YAMLEntry?, env entry: YAMLEntry?) {
        env = diagnostics.environment(entry)
        guard let entries = diagnostics.mapping(defaults, form: "retries: 2"), let node = defaults?.value else {
            return
        }
        KnownKeys.defaults.check(entries, diagnostics)
        policy = StepPolicy(diagnostics, node)
        place = StepPlace(diagnostics, node)
        env.merge(diagnostics.environment(node.entry("env"))) { _, new in new }
    }
}

/// How a step is run and tried again: the keys that `defaults` and steps share.
struct StepPolicy {
    var retries: Int?
    var delaySeconds: Double?
    var backoff: Double?
    var maxDelaySeconds: Double?
    var timeoutSeconds: Double?
    var triggerRule: TriggerRule?
    var skipExitCodes: [Int]?
    var workingDirectory: String?
    /// What runs SQL.
    var engine: SQLEngine?

    init() {}

    init(_ diagnostics: Diagnostics, _ node: YAMLNode) {
        retries = diagnostics.integer(node.entry("retries"))
        delaySeconds = diagnostics.seconds(node.entry("retry_delay"))
        backoff = diagnostics.number(node.entry("retry_backoff"))
        maxDelaySeconds = diagnostics.seconds(node.entry("max_retry_delay"))
        timeoutSeconds = diagnostics.seconds(node.entry("timeout"))
        triggerRule = diagnostics.choice(node.entry("trigger_rule"), "trigger rule")
        engine = diagnostics.choice(node.entry("engine"), "kind of engine")
        workingDirectory = diagnostics.text(node.entry("working_directory"))
        if let entry = node.entry("skip_exit_codes") {
            if case .list(let elements) = entry.value.content {
                skipExitCodes = elements.compactMap { diagnostics.integer($0, for: "an element of skip_exit_codes") }
            } else {
                diagnostics.reject(
                    entry.value,
                    "skip_exit_codes must be a list; it is \(entry.value.kindName)",
                    remedy: "write skip_exit_codes: [\(entry.value.scalarText ?? "99")]"
                )
            }
        }
    }

    /// The retry policy, with `defaults` where this says nothing.
    func retry(_ defaults: StepPolicy) -> RetryPolicy {
        let plain = RetryPolicy()
        return RetryPolicy(
            retries: retries ?? defaults.retries ?? plain.retries,
            delaySeconds: delaySeconds ?? defaults.delaySeconds ?? plain.delaySeconds,
            backoff: backoff ?? defaults.backoff ?? plain.backoff,
            maxDelaySeconds: maxDelaySeconds ?? defaults.maxDelaySeconds
        )
    }
}

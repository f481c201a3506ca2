/// Something in a run that cost time, memory or money, or that made it fail, with what to do about it.
package struct Finding: Sendable, Equatable, Codable {
    /// Which detector found it.
    package var detector: DetectorName
    /// How bad it is.
    package var severity: Severity
    /// One sentence that names the thing.
    package var title: String
    /// What it means, in a sentence or two.
    package var explanation: String
    /// The numbers it rests on.
    package var evidence: [Evidence]
    /// The stages it is about, by number.
    package var stages: [Int]
    /// The SQL executions it is about, by number.
    package var queries: [Int]
    /// Settings to change.
    package var patches: [ConfigurationPatch]
    /// What to do that no setting does.
    package var advice: [String]
    /// What the simulation says the change would bring; nil when it cannot be simulated.
    package var effect: PredictedEffect?
    /// How sure the finding and its patch are.
    package var confidence: Confidence

    /// A finding with its parts.
    package init(
        _ detector: DetectorName,
        _ severity: Severity,
        _ title: String,
        explanation: String,
        evidence: [Evidence] = [],
        stages: [Int] = [],
        queries: [Int] = [],
        patches: [ConfigurationPatch] = [],
        advice: [String] = [],
        effect: PredictedEffect? = nil,
        confidence: Confidence = .medium
    ) {
        self.detector = detector
        self.severity = severity
        self.title = title
        self.explanation = explanation
        self.evidence = evidence
        self.stages = stages
        self.queries = queries
        self.patches = patches
        self.advice = advice
        self.effect = effect
        self.confidence = confidence
    }
}

/// The kinds of findings.
package enum DetectorName: String, Sendable, Codable, CaseIterable {
    case skew
    case spill
    case garbageCollection = "garbage_collection"
    case memoryFit = "memory_fit"
    case tooManyTasks = "too_many_tasks"
    case tooFewTasks = "too_few_tasks"
    case smallFiles = "small_files"
    case idleSlots = "idle_slots"
    case missedBroadcast = "missed_broadcast"
    case driverTime = "driver_time"
    case failures
    case crossJoin = "cross_join"
    case python
    case results
}

/// How bad a finding is; more is worse.
package enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
    case low, moderate, high, critical

    private var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }

    /// Whether the left one is less bad.
    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    /// The severity that a value reaches on the ladder of these three bounds.
    static func of(_ value: Double, moderate: Double, high: Double, critical: Double) -> Severity {
        value >= critical ? .critical : value >= high ? .high : value >= moderate ? .moderate : .low
    }
}

/// How sure something is.
package enum Confidence: String, Sendable, Codable {
    case low, medium, high
}

/// One number of a finding's evidence.
package struct Evidence: Sendable, Equatable, Codable {
    /// What it is.
    package var name: String
    /// The number, in bytes, milliseconds, counts or shares from 0 to 1.
    package var value: Double
    /// The number as people read it.
    package var text: String

    /// A count.
    static func count(_ name: String, _ value: Int) -> Evidence {
        Evidence(name: name, value: Double(value), text: AdviceText.count(value))
    }

    /// Bytes.
    static func bytes(_ name: String, _ value: Int) -> Evidence {
        Evidence(name: name, value: Double(value), text: AdviceText.bytes(value))
    }

    /// Milliseconds.
    static func time(_ name: String, _ value: Int) -> Evidence {
        Evidence(name: name, value: Double(value), text: AdviceText.time(value))
    }

    /// A share from 0 to 1.
    static func share(_ name: String, _ value: Double) -> Evidence {
        Evidence(name: name, value: value, text: AdviceText.share(value))
    }

    /// Text beside a number.
    static func text(_ name: String, _ value: Int, _ text: String) -> Evidence {
        Evidence(name: name, value: Double(value), text: text)
    }
}

/// A setting to change.
package struct ConfigurationPatch: Sendable, Equatable, Codable {
    /// The setting.
    package var key: String
    /// What it was in this run, or Spark's default.
    package var from: String
    /// What it should be.
    package var to: String
    /// Why.
    package var reason: String

    /// A change of one setting.
    package init(_ key: String, from: String, to: String, _ reason: String) {
        self.key = key
        self.from = from
        self.to = to
        self.reason = reason
    }
}

/// What a change is predicted to bring: both sides come from the simulation of the same run.
package struct PredictedEffect: Sendable, Equatable, Codable {
    /// Milliseconds from start to end as the run was.
    package var wallBefore: Int
    /// Milliseconds from start to end with the change.
    package var wallAfter: Int
    /// Executor cores times hours as the run was.
    package var coreHoursBefore: Double
    /// Executor cores times hours with the change.
    package var coreHoursAfter: Double

    /// The share of the time that is saved; negative when it takes longer.
    package var timeSaved: Double { wallBefore > 0 ? 1 - Double(wallAfter) / Double(wallBefore) : 0 }
}

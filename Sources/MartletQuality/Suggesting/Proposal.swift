import MartletCore

/// An expectation that is proposed, and why.
public struct Proposal: Hashable, Sendable {
    /// What is proposed; its meta and notes say the reason and the rate as well.
    public var expectation: Expectation
    /// Why, in a sentence for people.
    public var reason: String
    /// The chance that it fails on a next version that is like those before; nil when nothing is known about it.
    public var falseAlarmRate: Double?
    /// How the rate was found: `structure`, `exchangeable rows`, or a bound on the history.
    public var method: String

    /// A proposal; the expectation gets meta and notes.
    init(
        _ type: String,
        _ arguments: [String: JSONValue],
        reason: String,
        rate: Double?,
        method: String,
        severity: Severity = .critical
    ) {
        self.reason = reason
        falseAlarmRate = rate
        self.method = method
        var facts: [String: JSONValue] = ["reason": .string(reason), "method": .string(method)]
        facts["false_alarm_rate"] = rate.map(JSONValue.number) ?? .null
        expectation = Expectation(
            type: type,
            arguments: arguments,
            meta: ["martlet": .object(facts)],
            notes: .string(reason),
            severity: severity,
            saysSeverity: severity != .critical
        )
    }
}

/// A suite that is proposed.
public struct SuggestedSuite: Hashable, Sendable {
    /// The suite, to be looked through by a person.
    public var suite: Suite
    /// One for each of its expectations, in order.
    public var proposals: [Proposal]
    /// The sum of the rates that are known: at most α.
    public var falseAlarmRate: Double
    /// The rate that was asked for.
    public var alpha: Double
    /// What was left out, and why: sentences for people.
    public var notes: [String]
}

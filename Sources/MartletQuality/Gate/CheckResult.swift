import MartletCore

/// An expectation of a suite with what came of it.
public struct CheckResult: Hashable, Sendable {
    /// What was expected, as it is written.
    public var expectation: Expectation
    /// What that means.
    public var check: Check
    /// What came of it.
    public var outcome: CheckOutcome

    /// What came of `check`, which is what `expectation` means.
    public init(expectation: Expectation, check: Check, outcome: CheckOutcome) {
        self.expectation = expectation
        self.check = check
        self.outcome = outcome
    }

    /// What the expectation is called from run to run: its id, or its type and what it is about.
    public var name: String {
        if let id = expectation.id, !id.isEmpty { return id }
        let about = check.rule.columns
        return about.isEmpty ? check.type : "\(check.type)(\(about.joined(separator: ", ")))"
    }

    /// What was seen, in a few words: `12 of 1,000 unexpected (1.2 %)`; no values of columns in `masked`.
    public func observedText(masked: Set<String> = []) -> String {
        let isMasked = check.rule.columns.contains { column in
            masked.contains { $0.lowercased() == column.lowercased() }
        }
        if let failure = outcome.failure { return isMasked ? "the check could not be made" : failure.error.message }
        switch outcome.observation {
        case .nothing: return outcome.success ? "as expected" : "not as expected"
        case .value(let value, let details, let counts):
            if isMasked { return "***" }
            if let value, value != .null { return Self.short(value.displayText) }
            if let text = Self.setText(counts) { return Self.short(text) }
            return details.isEmpty ? "nothing to observe" : Self.short(JSONValue.object(details).jsonText)
        case .counts(let counts):
            let tested = counts.elementCount - (counts.missingCount ?? 0)
            let share = tested > 0 ? " (\(Self.percent(counts.unexpectedCount, of: tested)))" : ""
            return "\(counts.unexpectedCount) of \(tested) unexpected\(share)"
        }
    }

    /// What a set has too little or too much.
    private static func setText(_ counts: [String: JSONValue]) -> String? {
        let parts = [("missing", "partial_missing_list"), ("unexpected", "partial_unexpected_list")].compactMap {
            word,
            key -> String? in
            guard case .array(let values)? = counts[key], !values.isEmpty else { return nil }
            return "\(word) \(values.map(\.displayText).joined(separator: ", "))"
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func short(_ text: String) -> String {
        text.count > 120 ? "\(text.prefix(119))…" : text
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        let percent = Double(part) / Double(whole) * 100
        let rounded = percent >= 1 ? (percent * 10).rounded() / 10 : (percent * 10_000).rounded() / 10_000
        return "\(JSONValue.number(rounded).jsonText) %"
    }
}

/// A condition on a label of an incident: `dataset=flights/*`, `severity!=critical`.
///
/// `*` in the value stands for any characters, none included.
public struct IncidentMatcher: Hashable, Codable, Sendable, CustomStringConvertible {
    /// What an incident can be matched by.
    public enum Label: String, Hashable, Codable, Sendable, CaseIterable {
        case pipeline, dataset, check, severity, partition, incident
    }

    /// The label.
    public var label: Label
    /// Whether the label must not be like the value.
    public var isNegated: Bool
    /// The value, in which `*` stands for anything.
    public var value: String

    /// A condition on `label`.
    public init(_ label: Label, _ value: String, isNegated: Bool = false) {
        self.label = label
        self.value = value
        self.isNegated = isNegated
    }

    /// Reads `label=value` or `label!=value`.
    ///
    /// - Throws: ``MartletError`` MT5053 for any other text.
    public init(_ text: String) throws(MartletError) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw MartletError(
                .matcherInvalid,
                "\"\(text)\" does not say which incidents are meant",
                remedy: "write a label and a value, as in dataset=flights/*"
            )
        }
        var name = text[..<equals]
        let isNegated = name.hasSuffix("!")
        if isNegated { name = name.dropLast() }
        var value = text[text.index(after: equals)...]
        if value.hasPrefix("=") { value = value.dropFirst() }
        guard let label = Label(rawValue: String(name)) else {
            let all = Label.allCases.map(\.rawValue)
            throw MartletError(
                .matcherInvalid,
                "incidents have no label \"\(name)\"",
                remedy: NearestName.of(String(name), among: all).map { "did you mean \($0)?" }
                    ?? "use \(all.joined(separator: ", "))"
            )
        }
        if value.isEmpty {
            throw MartletError(.matcherInvalid, "\"\(text)\" has no value", remedy: "write \(label.rawValue)=VALUE")
        }
        if label == .severity, Severity(rawValue: String(value)) == nil, !value.contains("*") {
            let all = Severity.allCases.map(\.rawValue)
            throw MartletError(
                .matcherInvalid,
                "\"\(value)\" is not a severity",
                remedy: NearestName.of(String(value), among: all).map { "did you mean \($0)?" }
                    ?? "use \(all.joined(separator: ", "))"
            )
        }
        self.init(label, String(value), isNegated: isNegated)
    }

    /// As it is written.
    public var description: String { "\(label.rawValue)\(isNegated ? "!=" : "=")\(value)" }

    /// Whether `incident` is one of those meant.
    public func matches(_ incident: Incident) -> Bool {
        let found =
            switch label {
            case .pipeline: incident.pipeline.rawValue
            case .dataset: incident.dataset.rawValue
            case .check: incident.check
            case .severity: incident.severity.rawValue
            case .partition: incident.latest.partition ?? ""
            case .incident: incident.id
            }
        return Self.fits(found, value) != isNegated
    }

    /// Whether `text` is like `pattern`; linear in both but for the product that one `*` after the other can cost.
    static func fits(_ text: String, _ pattern: String) -> Bool {
        let (text, pattern) = (Array(text.utf8), Array(pattern.utf8))
        let star = UInt8(ascii: "*")
        var (here, there) = (0, 0)
        var retry: (text: Int, pattern: Int)?
        while here < text.count {
            if there < pattern.count, pattern[there] == star {
                retry = (here, there)
                there += 1
            } else if there < pattern.count, pattern[there] == text[here] {
                here += 1
                there += 1
            } else if let last = retry {
                retry = (last.text + 1, last.pattern)
                (here, there) = (last.text + 1, last.pattern + 1)
            } else {
                return false
            }
        }
        return pattern[there...].allSatisfy { $0 == star }
    }

    enum CodingKeys: String, CodingKey {
        case label, value
        case isNegated = "negated"
    }
}

extension ScheduleSpec {
    /// The schedule in a few words for lists, as in `0 6 * * * America/New_York` or `datasets a and b`.
    public var summary: String {
        var parts: [String] = []
        switch rule {
        case .cron(let texts): parts.append(texts.joined(separator: " | "))
        case .every(let seconds): parts.append("every \(Self.period(seconds))")
        case .everyMonths(let months): parts.append("every \(months) month\(months == 1 ? "" : "s")")
        case .instants(let instants): parts.append("\(instants.count) instant\(instants.count == 1 ? "" : "s")")
        case .once: parts.append("@once")
        case .continuous: parts.append("@continuous")
        case nil: break
        }
        if let datasets { parts.append("datasets \(datasets.description)") }
        let text = parts.isEmpty ? "none" : parts.joined(separator: " or ")
        return timezone.map { "\(text) \($0)" } ?? text
    }

    /// A period in its largest unit that leaves no rest, as in `90s`, `15m`, `6h` or `1d`.
    private static func period(_ seconds: Double) -> String {
        let units: [(Double, String)] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]
        for (length, unit) in units where seconds.truncatingRemainder(dividingBy: length) == 0 {
            return "\(JSONValue.number(seconds / length).jsonText)\(unit)"
        }
        return "\(JSONValue.number(seconds).jsonText)s"
    }
}

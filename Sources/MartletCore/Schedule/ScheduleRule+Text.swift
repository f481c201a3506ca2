extension ScheduleRule {
    /// The rule in one text: a cron expression, a preset, or a period such as `15m` or `1 month`.
    ///
    /// Beside the presets of ``CronExpression`` there are `@once` and `@continuous`.
    ///
    /// - Throws: ``MartletError`` MT1011 or MT1012, for what the text seems meant to be.
    public init(text: String) throws(MartletError) {
        let words = text.split { $0.isASCII && $0.isWhitespace }
        switch (words.first?.lowercased(), words.count) {
        case ("@once", 1): self = .once
        case ("@continuous", 1): self = .continuous
        case (let first?, 1) where first.hasPrefix("@"): self = .cron([try Self.preset(text, first)])
        case (_, 1...2): self = try Self(period: text)
        default:
            do {
                _ = try CronExpression(text)
            } catch {
                throw MartletError(cron: text, error)
            }
            self = .cron([text])
        }
    }

    private static func preset(_ text: String, _ name: String) throws(MartletError) -> String {
        let all = CronExpression.presets.keys.sorted() + ["@once", "@continuous"]
        if CronExpression.presets[name] != nil { return text }
        throw MartletError(
            .cronInvalid,
            "\"\(text)\" is not a preset",
            remedy: NearestName.of(name, among: all).map { "did you mean \($0)?" }
                ?? "presets are \(all.joined(separator: ", "))"
        )
    }

    /// The rule of a period: `15m`, `1h30m`, `2 weeks`, `1 month`, `1 year`.
    ///
    /// Days and weeks are 24 hours and seven times that; months and years are of the calendar.
    ///
    /// - Throws: ``MartletError`` MT1012 when it is none, or shorter than a second.
    public init(period text: String) throws(MartletError) {
        let words = text.split { $0.isASCII && $0.isWhitespace }
        var unit = words.last.map { $0.lowercased() } ?? ""
        if words.count == 2, unit.count > 1, unit.hasSuffix("s") { unit.removeLast() }
        if words.count == 2, let months = Self.months[unit] {
            guard let count = Int(words[0]), (1...120 / months).contains(count) else {
                throw Self.invalid(text, "it is not between one \(unit) and ten years")
            }
            self = .everyMonths(count * months)
            return
        }
        if words.count == 1, CronExpression.presets["@\(unit)"] != nil || unit == "once" || unit == "continuous" {
            throw MartletError(.cronInvalid, "\"\(text)\" is not a schedule", remedy: "did you mean @\(unit)?")
        }
        guard let scale = words.count == 2 ? Self.units[unit] : ("", 1) else {
            throw Self.invalid(text, "\"\(words.last ?? "")\" is not a unit")
        }
        do throws(InvalidDuration) {
            let duration = try Duration(text: String(words.first ?? "") + scale.unit) * scale.count
            if duration < .seconds(1) { throw InvalidDuration(text: text, reason: "it is shorter than a second") }
            if duration > .seconds(3_650 * 86_400) {
                throw InvalidDuration(text: text, reason: "it is longer than ten years")
            }
            self = .every(seconds: duration.seconds)
        } catch {
            throw Self.invalid(text, error.reason)
        }
    }

    private static let months = ["month": 1, "quarter": 3, "year": 12]
    private static let units: [String: (unit: String, count: Int)] = [
        "second": ("s", 1), "minute": ("m", 1), "hour": ("h", 1), "day": ("d", 1), "week": ("d", 7),
    ]

    private static func invalid(_ text: String, _ reason: String) -> MartletError {
        MartletError(
            .durationInvalid,
            "\"\(text)\" is not a period: \(reason)",
            remedy: "write 15m, 1h30m, 1 day, 2 weeks, 1 month or 1 year; a cron expression has five fields"
        )
    }
}

extension ScheduleRule {
    /// What other readers of its cron expressions would take differently.
    public func warnings(seed: String) -> [String] {
        guard case .cron(let texts) = self else { return [] }
        return texts.flatMap { text in
            (try? CronExpression(text, seed: seed))?.warnings.map { "\"\(text)\": \($0)" } ?? []
        }
    }
}

import MartletCore

/// Fills in the templates of a wait, each value made safe for the place it comes to.
struct WaitRendering {
    let instance: InstanceID
    let context: StepContextDocument
    /// The variables and connections that the step asks for.
    var settings = ResolvedSettings()

    private func lookup(_ path: [String]) -> JSONValue? {
        TemplateContext.lookup(path, in: context) ?? settings.lookup(path)
    }

    /// Plain text, or SQL.
    func text(_ source: String, _ escaping: TextEscaping = .none) throws(MartletError) -> String {
        do {
            return try Template(source).render(escaping) { lookup($0) }.text
        } catch {
            throw failure(error, source)
        }
    }

    /// A file pattern: what is special in patterns stands for itself when it comes out of a value.
    func pattern(_ source: String) throws(MartletError) -> String {
        let path = try text(source) { value, _ in
            value.reduce(into: "") { text, character in
                if "*?\\".contains(character) { text.append("\\") }
                text.append(character)
            }
        }
        if path.isEmpty || path.utf8.contains(0) {
            throw impossible("the path is empty or holds a NUL character", "give it a file's name")
        }
        return path
    }

    /// An address: values are percent-encoded, but for one that the address starts with.
    func address(_ source: String) throws(MartletError) -> String {
        let url = try text(source) { value, isFirst in isFirst ? value : Self.percentEncoded(value) }
        let lower = url.prefix(8).lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://"),
            url.utf8.allSatisfy({ $0 > 32 && $0 != 127 })
        else {
            throw impossible("its address does not start with https:// or holds a space", "correct url:")
        }
        return url
    }

    /// A header's value: one line.
    func headerValue(_ source: String, of name: String) throws(MartletError) -> String {
        let value = try text(source)
        guard value.utf8.allSatisfy({ $0 >= 32 && $0 != 127 || $0 == 9 }) else {
            throw impossible(
                "the value of header \(name) is more than one line",
                "use one line without control characters"
            )
        }
        return value
    }

    /// The instant that is waited for.
    func instant(_ wait: UntilWait, times: WaitTimes, startedAt: Timestamp) throws(MartletError) -> Timestamp {
        switch wait {
        case .instant(let source):
            let rendered = try text(source)
            if let instant = Timestamp(rfc3339: rendered) { return instant }
            throw impossible(
                "\"\(rendered.prefix(100))\" is not an instant",
                "give it one in UTC, as in 2026-01-31T06:30:00Z"
            )
        case .timeOfDay(let time, let timezone):
            guard let seconds = UntilWait.seconds(ofTime: time), let zone = TimeOfDay(timezone: timezone) else {
                throw impossible("\"\(time)\" in \(timezone ?? "UTC") is not a time of day", "correct until:")
            }
            return zone.instant(ofSecond: seconds, onDayOf: startedAt)
        case .delta(let seconds, let origin):
            let from = origin == .logicalDate ? times.logicalDate : times.intervalEnd
            if let from { return from + .seconds(seconds) }
            throw impossible(
                "the run has no \(origin == .logicalDate ? "logical date" : "data interval")",
                "start it with one, or wait until a time of day"
            )
        }
    }

    /// The logical date of the run that is waited for; nil for the latest.
    func logicalDate(_ wait: StepWait, times: WaitTimes) throws(MartletError) -> Timestamp? {
        if wait.run == .latest { return nil }
        if let date = times.logicalDate { return date + .seconds(wait.offsetSeconds) }
        throw impossible(
            "it waits for a run of \(wait.pipeline) by logical date, but this run has none",
            "set run: latest under wait: step:, or start the run with a logical date"
        )
    }

    /// The template with its values passed through `escape`, which is told whether nothing stands before the value.
    private func text(_ source: String, escape: (String, Bool) -> String) throws(MartletError) -> String {
        do {
            var result = ""
            for (index, segment) in try Template(source).segments.enumerated() {
                switch segment {
                case .text(let text): result += text
                case .expression(let expression):
                    let value = try expression.evaluate { lookup($0) }
                    result += escape(value.displayText, index == 0)
                }
            }
            return result
        } catch {
            throw failure(error, source)
        }
    }

    private static func percentEncoded(_ value: String) -> String {
        value.utf8.reduce(into: "") { text, byte in
            let scalar = Unicode.Scalar(byte)
            if byte < 128, scalar.properties.isAlphabetic || (48...57).contains(byte) || "-._~".utf8.contains(byte) {
                text.unicodeScalars.append(scalar)
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                text += "%" + (hex.utf8.count < 2 ? "0" : "") + hex
            }
        }
    }

    private func failure(_ error: TemplateError, _ source: String) -> MartletError {
        MartletError(
            .expressionFailed,
            "step \(instance): a template failed: \(error.reason)",
            reason: "it reads \(source.prefix(200))",
            remedy: error.remedy
        )
    }

    private func impossible(_ message: String, _ remedy: String) -> MartletError {
        MartletError(.waitImpossible, "step \(instance) cannot wait: \(message)", remedy: remedy)
    }
}

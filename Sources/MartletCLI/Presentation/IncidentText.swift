import MartletCore
import MartletRuntime

/// Incidents as people read them.
struct IncidentText {
    /// Entries of a timeline that are shown, the latest ones.
    private static let shownEvents = 40

    let style: Style
    let now: Timestamp

    func table(_ incidents: [Incident]) -> [String] {
        let header = ["", "STATE", "SEVERITY", "INCIDENT", "DATASET", "CHECK", "FAILURES", "SINCE", ""].map {
            TextTable.Cell(text: $0, paint: style.faint)
        }
        var table = TextTable([.left, .left, .left, .left, .left, .left, .right, .left, .left], header: header)
        for incident in incidents {
            let paint: (String) -> String = { self.paint(incident.state, $0) }
            table.add([
                TextTable.Cell(text: glyph(incident.state), paint: paint),
                TextTable.Cell(text: incident.state.rawValue, paint: paint),
                TextTable.Cell(text: incident.severity.rawValue, paint: { self.paint(incident.severity, $0) }),
                TextTable.Cell(text: incident.id),
                TextTable.Cell(text: incident.dataset.rawValue),
                TextTable.Cell(text: DisplayText.line(String(incident.check.prefix(60)))),
                TextTable.Cell(text: NumberText.grouped(incident.failures)),
                TextTable.Cell(text: "\((now - incident.first.at).shortText) ago"),
                TextTable.Cell(text: overlay(incident) ?? "", paint: style.faint),
            ])
        }
        return table.lines(indent: "")
    }

    func table(_ silences: [Silence]) -> [String] {
        let header = ["SILENCE", "INCIDENTS", "UNTIL", "BY", "REASON"].map {
            TextTable.Cell(text: $0, paint: style.faint)
        }
        var table = TextTable([.right, .left, .left, .left, .left], header: header)
        for silence in silences {
            let end = ClockText.utc(silence.expiresAt)
            table.add([
                "\(silence.id)", DisplayText.line(silence.matchers.map(\.description).joined(separator: " ")),
                silence.isActive(at: now) ? end : "\(end) (ended)", DisplayText.line(silence.author),
                DisplayText.line(silence.reason),
            ])
        }
        return table.lines(indent: "")
    }

    func table(_ deliveries: [Delivery]) -> [String] {
        var table = TextTable([.left, .left, .right, .left, .left])
        for delivery in deliveries {
            table.add([
                delivery.notifier.rawValue, ClockText.utc(delivery.alert.at),
                delivery.attempts == 1 ? "1 attempt" : "\(delivery.attempts) attempts",
                DisplayText.line(delivery.alert.text), DisplayText.line(delivery.error?.message ?? ""),
            ])
        }
        return table.lines(indent: "")
    }

    func lines(_ incident: Incident, _ events: [IncidentEvent]) -> [String] {
        let title = "\(incident.dataset): \(incident.latest.title)"
        var lines = [
            "\(paint(incident.state, glyph(incident.state))) \(style.bold(DisplayText.line(title)))", "",
        ]
        var table = TextTable([.left, .left])
        func add(_ name: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            table.add([TextTable.Cell(text: name, paint: style.faint), TextTable.Cell(text: DisplayText.line(text))])
        }
        let latest = incident.latest
        add("incident", "\(incident.id), episode \(incident.episode)")
        add("state", [incident.state.rawValue, overlay(incident)].compactMap(\.self).joined(separator: ", "))
        add("severity", incident.severity.rawValue)
        add("check", incident.check)
        add("expected", latest.expected)
        add("observed", latest.observed)
        add(
            "unexpected",
            latest.unexpectedCount.map { count in
                let total = latest.elementCount.map { " of \(NumberText.grouped($0))" } ?? ""
                return NumberText.grouped(count) + total
            }
        )
        add("samples", latest.samples.joined(separator: ", "))
        add("failures", NumberText.grouped(incident.failures))
        add("pipeline", incident.pipeline.rawValue)
        add("last run", [latest.run?.rawValue, latest.step?.description].compactMap(\.self).joined(separator: ", "))
        add("partition", latest.partition)
        add("data version", latest.data.short)
        add("last good", incident.lastGood.map(good))
        add("may come from", incident.suspects.map(\.rawValue).joined(separator: ", "))
        add("downstream", incident.downstream.map(\.rawValue).joined(separator: ", "))
        add("owners", incident.owners.joined(separator: ", "))
        add("runbook", incident.runbook)
        add("report", latest.report)
        let told = incident.receivers.filter { $0 != IncidentService.projectLog }
        add("told", told.map(\.rawValue).joined(separator: ", "))
        add("looked after by", incident.acknowledgedBy)
        add("found to be", incident.label?.rawValue.replacing("_", with: " "))
        add("detected after", incident.timeToDetect?.shortText)
        add("acknowledged after", incident.timeToAcknowledge?.shortText)
        add("over after", incident.timeToResolve?.shortText)
        lines += table.lines()
        return lines + timeline(events)
    }

    private func timeline(_ events: [IncidentEvent]) -> [String] {
        if events.isEmpty { return [] }
        var table = TextTable([.left, .left, .left])
        for event in events.suffix(Self.shownEvents) {
            table.add([
                TextTable.Cell(text: ClockText.utc(event.at), paint: style.faint),
                TextTable.Cell(text: event.kind.rawValue.replacing("_", with: " ")),
                TextTable.Cell(text: DisplayText.line(details(event)), paint: style.faint),
            ])
        }
        let left = events.count - Self.shownEvents
        return [""] + (left > 0 ? ["  \(style.faint("… \(left) earlier"))"] : []) + table.lines()
    }

    private func details(_ event: IncidentEvent) -> String {
        var parts: [String] = []
        if let by = event.by { parts.append("by \(by)") }
        if let severity = event.severity { parts.append(severity.rawValue) }
        if let until = event.until { parts.append("until \(ClockText.utc(until))") }
        let names = event.names.filter { $0 != IncidentService.projectLog.rawValue }
        if !names.isEmpty { parts.append(names.joined(separator: ", ")) }
        if let run = event.observation?.run { parts.append("run \(run)") }
        if let label = event.label { parts.append(label.rawValue.replacing("_", with: " ")) }
        if let note = event.note { parts.append(note) }
        return parts.joined(separator: "; ")
    }

    private func good(_ good: GoodVersion) -> String {
        "\(good.data.short ?? "a version"), \((now - good.at).shortText) ago\(good.run.map { ", run \($0)" } ?? "")"
    }

    /// What keeps people from hearing of it.
    private func overlay(_ incident: Incident) -> String? {
        var parts: [String] = []
        if incident.passingSince != nil { parts.append("passing") }
        if incident.flaps > 0, incident.state.isOpen { parts.append("flapping") }
        if !incident.silences.isEmpty {
            parts.append("silence \(incident.silences.map(String.init).joined(separator: ", "))")
        }
        if !incident.inhibitedBy.isEmpty {
            parts.append("because of \(incident.inhibitedBy.map(\.rawValue).joined(separator: ", "))")
        }
        if let until = incident.snoozedUntil, until > now { parts.append("snoozed until \(ClockText.utc(until))") }
        if let by = incident.acknowledgedBy { parts.append("by \(by)") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private func glyph(_ state: IncidentState) -> String {
        switch state {
        case .ok, .resolved: "✓"
        case .firing: "✕"
        case .acknowledged: "◐"
        }
    }

    private func paint(_ state: IncidentState, _ text: String) -> String {
        switch state {
        case .ok, .resolved: style.good(text)
        case .firing: style.bad(text)
        case .acknowledged: style.warn(text)
        }
    }

    private func paint(_ severity: Severity, _ text: String) -> String {
        switch severity {
        case .info: style.faint(text)
        case .warning: style.warn(text)
        case .critical: style.bad(text)
        }
    }
}

/// The advice about a run as text for a terminal.
package struct RunAdviceText: Sendable {
    private let advice: RunAdvice
    private let width: Int

    /// Text of at most so many columns, where words allow.
    package init(_ advice: RunAdvice, width: Int = 100) {
        self.advice = advice
        self.width = max(60, min(width, 160))
    }

    /// The lines: what ran, the findings, the pictures, the stages, what the log lacks.
    package var lines: [String] {
        var lines = head
        lines += findings
        lines += ["", "slots used, from start to end (\(AdviceText.time(advice.application.wall)))"]
        lines += timeline
        lines += ["", "the same run with fewer or more \(unit)s, simulated"] + curve
        lines += [""] + stages
        let notes = logNotes
        if !notes.isEmpty { lines += ["", "about the log"] + notes.map { "  \($0)" } }
        return lines
    }

    private var unit: String { advice.application.shape.isLocal ? "core" : "executor" }

    private var head: [String] {
        let app = advice.application
        return [
            "\(app.name) (\(app.id)), Spark \(app.sparkVersion), \(app.shape.text)",
            "  \(AdviceText.time(app.wall))\(app.isComplete ? "" : " so far"), "
                + "\(AdviceText.plural(app.jobs, "job")), \(AdviceText.plural(app.tasks, "task")), "
                + "slots used \(AdviceText.share(app.utilisation)), driver alone \(AdviceText.time(app.driverTime)), "
                + "start \(AdviceText.time(app.startup))",
            "  read \(AdviceText.bytes(app.inputBytes)), shuffled \(AdviceText.bytes(app.shuffleBytes)), "
                + "spilled \(AdviceText.bytes(app.spilledBytes)), written \(AdviceText.bytes(app.outputBytes))",
            "",
        ]
    }

    private var findings: [String] {
        guard !advice.findings.isEmpty else { return ["no findings: nothing stands out in this run"] }
        var lines: [String] = []
        for (index, finding) in advice.findings.enumerated() {
            if index > 0 { lines.append("") }
            lines += wrap(
                "\(Self.mark(finding.severity)) \(finding.severity.rawValue): \(finding.title)",
                indent: 2,
                first: 0
            )
            lines += wrap(finding.explanation, indent: 2)
            let numbers = finding.evidence.map { "\($0.name) \($0.text)" }.joined(separator: "; ")
            if !numbers.isEmpty { lines += wrap("evidence: \(numbers)", indent: 4, first: 2) }
            for patch in finding.patches {
                lines += wrap(
                    "set \(patch.key)=\(patch.to)   (was \(patch.from)): \(patch.reason)",
                    indent: 6,
                    first: 2
                )
            }
            for text in finding.advice { lines += wrap("do  \(text)", indent: 6, first: 2) }
            if let effect = finding.effect {
                let text =
                    "\(AdviceText.time(effect.wallBefore)) -> \(AdviceText.time(effect.wallAfter)), "
                    + "\(AdviceText.decimal(effect.coreHoursBefore)) -> \(AdviceText.decimal(effect.coreHoursAfter)) core-hours"
                lines += wrap("simulated: \(text)", indent: 4, first: 2)
            }
            lines.append("  confidence: \(finding.confidence.rawValue)")
        }
        return lines
    }

    /// The severity by a sign as well, since colour and words can be missed.
    static func mark(_ severity: Severity) -> String {
        switch severity {
        case .critical: "‼"
        case .high: "!"
        case .moderate: "▲"
        case .low: "·"
        }
    }

    /// Rows of bars: how many slots were busy.
    private var timeline: [String] {
        let columns = min(width - 12, advice.timeline.count)
        guard columns > 0, !advice.timeline.isEmpty else { return [] }
        let slots = Double(max(1, advice.application.shape.slots))
        let values = (0..<columns).map { column -> Double in
            let from = column * advice.timeline.count / columns
            let to = max(from + 1, (column + 1) * advice.timeline.count / columns)
            return advice.timeline[from..<to].reduce(0, +) / Double(to - from) / slots
        }
        let bars: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        let rows = 4
        return (0..<rows).map { row in
            let low = Double(rows - 1 - row) / Double(rows)
            let line = values.map { value in
                bars[max(0, min(8, Int(((value - low) * Double(rows) * 8).rounded())))]
            }
            let label = row == 0 ? String(advice.application.shape.slots) : row == rows - 1 ? "0" : ""
            return "  " + String(repeating: " ", count: max(0, 6 - label.count)) + label + " ┤" + String(line)
        }
    }

    private var curve: [String] {
        let points = advice.curve.points
        guard let longest = points.map(\.wall).max(), longest > 0 else { return [] }
        let room = max(10, width - 56)
        var lines = points.map { point -> String in
            let count = advice.application.shape.isLocal ? point.slots : point.executors
            let bar = String(repeating: "█", count: max(1, point.wall * room / longest))
            let now = abs(point.share - 1) < 0.001 ? " ◂ as it was" : ""
            return "  " + Self.right("\(count)", 6) + Self.right(AdviceText.time(point.wall), 13)
                + Self.right("\(AdviceText.decimal(point.coreHours)) core-h", 17)
                + Self.right("\(AdviceText.share(point.utilisation)) used", 12) + "  \(bar)\(now)"
        }
        lines += wrap(
            "The simulation of the run as it was is off by \(AdviceText.share(advice.curve.error)); with endless "
                + "\(unit)s it would take \(AdviceText.time(advice.curve.floor)).",
            indent: 2
        )
        return lines
    }

    private var stages: [String] {
        let shown = advice.stages.prefix(15)
        let header = [
            "stage", "tasks", "time", "median", "longest", "input", "shuffled in", "out", "spilled", "gc", "",
        ]
        let rows = shown.map { stage in
            [
                stage.attempt > 0 ? "\(stage.id).\(stage.attempt)" : "\(stage.id)",
                AdviceText.count(stage.tasks) + (stage.failed > 0 ? " (\(stage.failed) ✕)" : ""),
                AdviceText.time(stage.span), AdviceText.time(stage.median), AdviceText.time(stage.longest),
                Self.size(stage.inputBytes), Self.size(stage.shuffleReadBytes), Self.size(stage.shuffleWriteBytes),
                Self.size(stage.spilledBytes), AdviceText.share(stage.gcShare),
                (stage.isCritical ? "◆ " : "  ") + String(stage.name.prefix(36)),
            ]
        }
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        var lines = ([header] + rows).map { row in
            let cells = row.enumerated().map { column, text in
                column == row.count - 1 ? text : Self.right(text, widths[column])
            }
            return "  " + cells.joined(separator: "  ")
        }
        let more = advice.stages.count - shown.count + advice.stagesLeftOut
        if more > 0 { lines.append("  and \(AdviceText.plural(more, "shorter stage"))") }
        lines.append("  ◆ on the critical path")
        return lines
    }

    /// What a reader has to know about the log itself.
    var logNotes: [String] {
        let log = advice.log
        var notes: [String] = []
        if log.isInProgress { notes.append("the application had not closed its log: it was running, or it died") }
        if log.corruptLines > 0 {
            let places = log.corruptPlaces.prefix(3).map { "\($0.file) at byte \($0.offset)" }
            notes.append(
                "\(AdviceText.plural(log.corruptLines, "corrupt line")) passed over: \(places.joined(separator: ", "))"
            )
        }
        for file in log.truncatedFiles { notes.append("\(file) breaks off at its end") }
        for place in log.damagedFiles {
            notes.append("\(place.file) is damaged at byte \(place.offset); the rest was not read")
        }
        if !log.missingFiles.isEmpty {
            notes.append("files missing: events_\(log.missingFiles.map(String.init).joined(separator: ", events_"))")
        }
        let unknown = log.unknown.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
        if !unknown.isEmpty {
            notes.append(
                "unknown events passed over: \(unknown.map { "\($0.key) (\($0.value))" }.joined(separator: ", "))"
            )
        }
        if log.dropped > 0 { notes.append("\(AdviceText.count(log.dropped)) values beyond the limits were not kept") }
        return notes
    }

    static func size(_ bytes: Int) -> String { bytes == 0 ? "-" : AdviceText.bytes(bytes) }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Breaks text between words.
    private func wrap(_ text: String, indent: Int, first: Int? = nil) -> [String] {
        var lines: [String] = []
        var line = String(repeating: " ", count: first ?? indent)
        var isEmpty = true
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        lines.append(line)
        return lines
    }
}

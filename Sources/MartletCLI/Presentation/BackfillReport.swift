import MartletCore

/// A backfill for people and for programs.
enum BackfillReport {
    static func json(_ backfill: BackfillRecord, _ states: [Int: RunState] = [:]) -> JSONValue {
        .object([
            "id": backfill.id.isEmpty ? .null : .string(backfill.id),
            "pipeline": .string(backfill.request.pipeline.rawValue),
            "state": backfill.id.isEmpty ? "planned" : .string(backfill.state.rawValue),
            "from": .string(backfill.request.from.description), "to": .string(backfill.request.through.description),
            "backwards": .bool(backfill.request.isBackwards), "reprocess": .string(backfill.request.reprocess.rawValue),
            "max_active_runs": .integer(backfill.request.maxActiveRuns),
            "dates": .array(backfill.dates.map { json($0, states[$0.ordinal]) }),
        ])
    }

    private static func json(_ date: BackfillDate, _ state: RunState?) -> JSONValue {
        .object([
            "ordinal": .integer(date.ordinal), "logical_date": .string(date.logicalDate.description),
            "data_interval_start": .string(date.intervalStart.description),
            "data_interval_end": .string(date.intervalEnd.description), "decision": .string(date.decision.rawValue),
            "reason": date.reason.map(JSONValue.string) ?? .null,
            "run_id": date.run.map { .string($0.rawValue) } ?? .null,
            "state": state.map { .string($0.rawValue) } ?? .null,
        ])
    }

    static func lines(_ backfill: BackfillRecord, _ states: [Int: RunState] = [:], style: Style) -> [String] {
        var table = TextTable([.left, .left, .left, .left])
        for date in backfill.dates {
            let state = states[date.ordinal]
            let words =
                state?.rawValue ?? [date.decision.rawValue, date.reason].compactMap(\.self).joined(separator: ": ")
            table.add([
                TextTable.Cell(text: state.map(StateMark.glyph) ?? glyph(date)),
                TextTable.Cell(text: date.logicalDate.description),
                TextTable.Cell(
                    text: words,
                    paint: { text in state.map { StateMark.paint($0, text, style) } ?? style.faint(text) }
                ),
                TextTable.Cell(text: date.run?.rawValue ?? "", paint: { style.faint($0) }),
            ])
        }
        func count(_ decision: BackfillDate.Decision) -> Int { backfill.dates.count { $0.decision == decision } }
        let request = backfill.request
        let summary =
            "\(count(.create)) to create, \(count(.reprocess)) to run again, \(count(.skip)) to skip; "
            + "at most \(request.maxActiveRuns) at once, \(request.isBackwards ? "newest" : "oldest") first"
        return ["\(request.pipeline)  \(request.from) to \(request.through)"] + table.lines(indent: "  ") + [summary]
    }

    private static func glyph(_ date: BackfillDate) -> String {
        switch date.decision {
        case .create: "＋"
        case .reprocess: "↻"
        case .skip: "–"
        }
    }
}

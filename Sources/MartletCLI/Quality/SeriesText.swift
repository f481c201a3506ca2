import MartletCore
import MartletQuality

/// What was found in a series, for people.
struct SeriesText {
    let summary: SeriesSummary
    let name: String
    let style: Style

    private static let shown = 50

    var lines: [String] {
        var lines = [head, ""]
        guard !summary.episodes.isEmpty else { return [head] }
        var table = TextTable(
            [.right, .left, .left, .right, .right, .right, .left, .right, .left],
            header: ["", "from", "to", "rows", "value", "expected", "rule", "score", "trend"].map {
                TextTable.Cell(text: $0, paint: style.faint)
            }
        )
        for episode in summary.episodes.prefix(Self.shown) {
            let worst = episode.worst
            table.add([
                .init(text: String(episode.number), paint: style.bad),
                .init(text: DisplayText.line(episode.first)),
                .init(text: episode.last == episode.first ? "" : DisplayText.line(episode.last)),
                .init(text: NumberText.grouped(episode.rows)),
                .init(text: NumberText.short(worst.value), paint: style.bold),
                .init(text: bounds(worst), paint: style.faint),
                .init(text: worst.rule?.rawValue ?? ""),
                .init(text: NumberText.short((worst.score * 100).rounded(.down) / 100)),
                .init(text: SparkText.values(episode.trend), paint: style.accent),
            ])
        }
        lines += table.lines()
        let rest = summary.episodeCount - min(Self.shown, summary.episodes.count)
        if rest > 0 { lines += ["", "  and \(NumberText.grouped(rest)) more; --json gives every row"] }
        return lines
    }

    private var head: String {
        guard summary.rows > 0 else { return "\(DisplayText.line(name)) has no rows" }
        let count = summary.episodeCount
        let what =
            count == 0 ? "nothing unusual" : "\(NumberText.grouped(count)) \(count == 1 ? "episode" : "episodes")"
        let mark = count == 0 ? style.good("✓") : style.bad("✕")
        var parts = ["\(NumberText.grouped(summary.rows)) \(summary.rows == 1 ? "row" : "rows")"]
        if summary.learning > 0 { parts.append("the first \(NumberText.grouped(summary.learning)) to learn from") }
        if summary.anomalies > 0 { parts.append("\(NumberText.grouped(summary.anomalies)) of them anomalous") }
        return "\(mark) \(DisplayText.line(name)): \(what) in " + parts.joined(separator: ", ")
    }

    /// What was expected, with how far it could have strayed.
    private func bounds(_ verdict: PointVerdict) -> String {
        let room = [verdict.lower, verdict.upper].map { $0.isFinite ? NumberText.short($0) : "any" }
        return "\(NumberText.short(verdict.expected)) (\(room[0]) to \(room[1]))"
    }

    /// What a person should know of rows that were not as they should be.
    static func warnings(_ summary: SeriesSummary) -> [String] {
        func rows(_ count: Int) -> String { "\(NumberText.grouped(count)) \(count == 1 ? "row" : "rows")" }
        var lines: [String] = []
        if summary.missing > 0 { lines.append("\(rows(summary.missing)) without a value: not judged") }
        if summary.unreadable > 0 {
            lines.append("\(rows(summary.unreadable)) with a value that is no number: not judged")
        }
        if summary.timeless > 0 {
            lines.append(
                "\(rows(summary.timeless)) with a time that cannot be read: taken for the usual time after the row above"
            )
        }
        if summary.outOfOrder > 0 {
            lines.append(
                "\(rows(summary.outOfOrder)) earlier than the row above: judged in the order of the file; sort it by time"
            )
        }
        if summary.repeated > 0 {
            lines.append("\(rows(summary.repeated)) with the same time as the row above: judged one by one")
        }
        return lines.map { "note: \($0)" }
    }
}

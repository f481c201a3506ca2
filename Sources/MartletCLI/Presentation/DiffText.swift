import MartletCore
import MartletScheduling

/// Differences between two versions of a pipeline as people read them.
struct DiffText {
    let style: Style
    /// Most lines of a text that changed.
    private static let shownLines = 40
    private static let shownCharacters = 60

    func lines(_ diff: ManifestDiff) -> [String] {
        var lines = diff.pipeline.flatMap { change($0, indent: "  ") }
        for step in diff.added { lines.append("  \(style.good("+")) step \(step)") }
        for step in diff.removed { lines.append("  \(style.bad("-")) step \(step)") }
        for step in diff.changed {
            lines.append("  \(style.warn("~")) step \(step.step)")
            lines += step.changes.flatMap { change($0, indent: "      ") }
        }
        if diff.isReordered { lines.append("  \(style.warn("~")) the steps stand in another order") }
        return lines
    }

    private func change(_ change: ManifestDiff.Change, indent: String) -> [String] {
        if let old = change.old?.stringValue, let new = change.new?.stringValue,
            old.contains("\n") || new.contains("\n")
        {
            return ["\(indent)\(change.key):"] + texts(old, new).map { "\(indent)  \($0)" }
        }
        let old = change.old.map { style.bad(short($0)) } ?? style.faint("none")
        let new = change.new.map { style.good(short($0)) } ?? style.faint("none")
        return ["\(indent)\(change.key): \(old) → \(new)"]
    }

    /// The lines of a text that went and came, in their order.
    private func texts(_ old: String, _ new: String) -> [String] {
        let before = old.split(separator: "\n", omittingEmptySubsequences: false)
        let after = new.split(separator: "\n", omittingEmptySubsequences: false)
        let difference = after.difference(from: before)
        var changed: [(place: Int, text: String)] = []
        for removal in difference.removals {
            if case .remove(let place, let line, _) = removal {
                changed.append((place, style.bad("- \(DisplayText.line(String(line)))")))
            }
        }
        for insertion in difference.insertions {
            if case .insert(let place, let line, _) = insertion {
                changed.append((place, style.good("+ \(DisplayText.line(String(line)))")))
            }
        }
        let lines = changed.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map(\.element.text)
        if lines.count <= Self.shownLines { return lines }
        return lines.prefix(Self.shownLines) + [style.faint("and \(lines.count - Self.shownLines) more lines")]
    }

    private func short(_ value: JSONValue) -> String {
        let text = DisplayText.line(value.displayText)
        return text.count > Self.shownCharacters ? "\(text.prefix(Self.shownCharacters - 1))…" : text
    }
}

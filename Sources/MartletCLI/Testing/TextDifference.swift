import MartletCore

/// Two texts side by side: what was expected and what was found.
enum TextDifference {
    /// Most lines of a text that are compared line by line.
    private static let most = 500

    /// The difference as lines: one line each as `expected` and `found`, longer texts as a diff.
    static func lines(expected: String, found: String) -> [String] {
        let (left, right) = (split(expected), split(found))
        if left.count < 2, right.count < 2 { return ["expected  \(short(expected))", "found     \(short(found))"] }
        var lines: [String] = []
        for line in diff(Array(left.prefix(most)), Array(right.prefix(most))) {
            if lines.count == 3 * Limits.shownDifferences {
                lines.append("...")
                break
            }
            lines.append(line)
        }
        if left.count > most || right.count > most { lines.append("only the first \(most) lines were compared") }
        return ["- expected, + found"] + lines
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func short(_ text: String) -> String { text.count > 300 ? "\(text.prefix(299))…" : text }

    /// Lines that differ, with one that is equal before and after.
    private static func diff(_ left: [String], _ right: [String]) -> [String] {
        let removed = Set(right.difference(from: left).removals.map(Self.offset))
        let inserted = Set(right.difference(from: left).insertions.map(Self.offset))
        var all: [(mark: String, text: String)] = []
        var (old, new) = (0, 0)
        while old < left.count || new < right.count {
            if old < left.count, removed.contains(old) {
                all.append(("-", left[old]))
                old += 1
            } else if new < right.count, inserted.contains(new) {
                all.append(("+", right[new]))
                new += 1
            } else {
                all.append((" ", left[old]))
                old += 1
                new += 1
            }
        }
        let changed = all.indices.filter { all[$0].mark != " " }
        let shown = Set(changed.flatMap { [$0 - 1, $0, $0 + 1] })
        return all.indices.filter(shown.contains).map { "\(all[$0].mark) \(short(all[$0].text))" }
    }

    private static func offset(_ change: CollectionDifference<String>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}

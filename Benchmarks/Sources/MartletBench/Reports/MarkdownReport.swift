/// The result as a document: the table, and all that is needed to judge it.
struct MarkdownReport {
    let conditions: Conditions
    let rows: [Row]

    var text: String {
        """
        # Benchmark results

        Written by `martlet-bench`; do not edit. [README.md](README.md) says what is measured and how.

        \(conditions.lines.map { "- \($0)" }.joined(separator: "\n"))

        \(table)

        """
    }

    private var table: String {
        let headings = ["benchmark"] + Row.headings.dropFirst()
        let rule = headings.indices.map { (1...5).contains($0) ? "--:" : "---" }
        return ([headings, rule] + rows.map(\.cells))
            .map { "| \($0.joined(separator: " | ")) |" }
            .joined(separator: "\n")
    }
}

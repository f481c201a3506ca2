/// Queries in which `{batch}` stands for the table, and `{{` and `}}` for braces.
enum BatchQuery {
    /// Whether every brace has its pair, as Python's `str.format` wants it.
    static func isWellFormed(_ query: String) -> Bool {
        var rest = query[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            let next = rest.index(after: brace)
            if next < rest.endIndex, rest[next] == rest[brace] {
                rest = rest[rest.index(after: next)...]
                continue
            }
            guard rest[brace] == "{", let end = rest[next...].firstIndex(of: "}"),
                !rest[next..<end].contains("{")
            else { return false }
            rest = rest[rest.index(after: end)...]
        }
        return true
    }
}

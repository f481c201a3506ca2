/// A `.dvc/config`: sections of `key = value` lines; comments and layout stay when it is changed.
public struct DVCConfig: Hashable, Sendable {
    private var lines: [String]

    /// The settings that a text holds.
    public init(_ text: String = "") {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
    }

    /// The text of the file.
    public var text: String { lines.map { $0 + "\n" }.joined() }

    /// The value of a key; the last one when it is given twice.
    public subscript(section: String, key: String) -> String? {
        var current: String?
        var found: String?
        for line in lines {
            if let name = Self.section(of: line) {
                current = name
            } else if current == section, let (name, value) = Self.setting(of: line), name == key {
                found = value
            }
        }
        return found
    }

    /// The names of the remotes, in order.
    public var remotes: [String] {
        lines.compactMap { line in
            guard let name = Self.section(of: line), name.hasPrefix("remote \""), name.hasSuffix("\"") else {
                return nil
            }
            return String(name.dropFirst(8).dropLast())
        }
    }

    /// The name of a remote's section.
    public static func remote(_ name: String) -> String { "remote \"\(name)\"" }

    /// Sets a key, in a new section when there is none.
    public mutating func set(_ section: String, _ key: String, to value: String) {
        let line = "    \(key) = \(Self.quoted(value))"
        guard let start = lines.firstIndex(where: { Self.section(of: $0) == section }) else {
            let name = section.contains("\"") || section.contains("'") ? "'\(section)'" : section
            lines += ["[\(name)]", line]
            return
        }
        let end = lines[(start + 1)...].firstIndex { Self.section(of: $0) != nil } ?? lines.count
        if let place = ((start + 1)..<end).last(where: { Self.setting(of: lines[$0])?.key == key }) {
            lines[place] = line
        } else {
            lines.insert(line, at: end)
        }
    }

    private static func section(of line: String) -> String? {
        let line = trimmed(line)
        guard line.hasPrefix("["), let end = line.lastIndex(of: "]") else { return nil }
        return unquoted(trimmed(String(line[line.index(after: line.startIndex)..<end])))
    }

    private static func setting(of line: String) -> (key: String, value: String)? {
        let line = trimmed(line)
        guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { return nil }
        let key = unquoted(trimmed(String(line[..<equals])))
        var value = trimmed(String(line[line.index(after: equals)...]))
        if let quote = value.first, quote == "'" || quote == "\"" {
            if let end = value.dropFirst().firstIndex(of: quote) { value = String(value[...end]) }
        } else if let comment = value.firstIndex(of: "#") {
            value = trimmed(String(value[..<comment]))
        }
        return (key, unquoted(value))
    }

    private static func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    private static func unquoted(_ text: String) -> String {
        guard let quote = text.first, quote == "'" || quote == "\"", text.count > 1, text.last == quote else {
            return text
        }
        return String(text.dropFirst().dropLast())
    }

    /// A value as ConfigObj writes it, which DVC keeps its settings with.
    private static func quoted(_ text: String) -> String {
        if text.isEmpty { return "\"\"" }
        let edges = [text.first, text.last]
        let isPlain = !text.contains { "#,".contains($0) } && !edges.contains { " '\"\t".contains($0 ?? "a") }
        if isPlain { return text }
        return text.contains("\"") ? "'\(text)'" : "\"\(text)\""
    }
}

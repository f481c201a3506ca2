internal import OrderedCollections

/// Writes values as DVC writes its YAML files, byte for byte: block style of ruamel.yaml for YAML 1.2.
///
/// Mappings indent by two, dashes of lists do not indent below their key, and lines are wrapped at `width` columns where
/// a space allows it.
public struct DVCYAMLWriter {
    /// The last column that a word may end at, counted in code points.
    static let width = 80
    /// Keys of this many code points and more are written behind a question mark.
    private static let longKey = 128

    var out = String.UnicodeScalarView()
    var column = 0
    /// Whether text of several lines is written as such, behind `|-`, and no line is wrapped; DVC does neither.
    var isForPeople = false

    /// The text of a file that holds `value`, a mapping.
    public static func text(of value: DVCValue) -> String {
        var writer = DVCYAMLWriter()
        switch value {
        case .map(let map) where !map.isEmpty: writer.write(map, indent: 0, compact: true)
        case .list(let list) where !list.isEmpty: writer.write(list, indent: 0, compact: true)
        default: writer.write(inline: value, indent: 0)
        }
        if writer.column > 0 { writer.breakLine() }
        return String(writer.out)
    }

    /// The text of a file of ours that people will read: commands keep their lines.
    static func textForPeople(_ value: DVCValue) -> String {
        var writer = DVCYAMLWriter()
        writer.isForPeople = true
        if case .map(let map) = value { writer.write(map, indent: 0, compact: true) }
        if writer.column > 0 { writer.breakLine() }
        return String(writer.out)
    }

    /// The lines of one entry of a mapping whose keys stand in column `indent`, without the spaces before the first.
    static func entry(_ key: DVCValue, _ value: DVCValue, indent: Int) -> String {
        var writer = DVCYAMLWriter()
        writer.column = indent
        writer.write([key: value], indent: indent, compact: true)
        if writer.column > 0 { writer.breakLine() }
        return String(writer.out)
    }

    /// A value as it stands behind a key or a dash that ends before `column`; scalars and empty collections only.
    static func inline(_ value: DVCValue, column: Int, indent: Int) -> String {
        var writer = DVCYAMLWriter()
        writer.column = column
        writer.write(inline: value, indent: indent)
        return String(writer.out)
    }

    private mutating func write(_ map: OrderedDictionary<DVCValue, DVCValue>, indent: Int, compact: Bool) {
        var isFirst = compact
        for (key, value) in map {
            if !isFirst { startLine(indent: indent) }
            isFirst = false
            let text = YAMLScalarText(key)
            if text.scalars.count < Self.longKey, !text.isMultiline {
                // As a key, nothing cannot be written as nothing.
                if case .null = key { append("null") } else { write(text, indent: indent + 2, isKey: true) }
                append(":")
                write(value, behindKeyAt: indent)
            } else {
                append("? ")
                write(text, indent: indent + 2, isKey: false)
                startLine(indent: indent)
                append(":")
                write(value, behindMarkAt: indent)
            }
        }
    }

    private mutating func write(_ list: [DVCValue], indent: Int, compact: Bool) {
        var isFirst = compact
        for element in list {
            if !isFirst { startLine(indent: indent) }
            isFirst = false
            append("-")
            if case .null = element { append(" ") } else { write(element, behindMarkAt: indent) }
        }
    }

    private mutating func write(_ value: DVCValue, behindKeyAt indent: Int) {
        switch value {
        case .map(let map) where !map.isEmpty: write(map, indent: indent + 2, compact: false)
        case .list(let list) where !list.isEmpty: write(list, indent: indent, compact: false)
        case .null: break
        case .text(let text) where isForPeople && YAMLScalarText.fitsLiteral(text):
            append(" |-")
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.isEmpty { breakLine() } else { startLine(indent: indent + 2) }
                append(String(line))
            }
        default:
            append(" ")
            write(inline: value, indent: indent + 2)
        }
    }

    /// Writes what follows a dash, or the colon of a long key: collections start on the same line.
    private mutating func write(_ value: DVCValue, behindMarkAt indent: Int) {
        if case .null = value { return }
        append(" ")
        switch value {
        case .map(let map) where !map.isEmpty: write(map, indent: indent + 2, compact: true)
        case .list(let list) where !list.isEmpty: write(list, indent: indent + 2, compact: true)
        default: write(inline: value, indent: indent + 2)
        }
    }

    private mutating func write(inline value: DVCValue, indent: Int) {
        switch value {
        case .map: append("{}")
        case .list: append("[]")
        default: write(YAMLScalarText(value), indent: indent, isKey: false)
        }
    }

    // MARK: Characters

    mutating func append(_ text: String) {
        out.append(contentsOf: text.unicodeScalars)
        column += text.unicodeScalars.count
    }

    mutating func append(_ scalars: some Collection<Unicode.Scalar>) {
        out.append(contentsOf: scalars)
        column += scalars.count
    }

    mutating func breakLine() {
        out.append("\n")
        column = 0
    }

    mutating func startLine(indent: Int) {
        if column > 0 { breakLine() }
        for _ in 0..<indent { out.append(" ") }
        column = indent
    }
}

/// A place in a text: line and column count from 1, columns in Unicode scalars, as YAML parsers count them.
struct TextPosition: Hashable, Comparable, Sendable {
    var line: Int
    var column: Int

    static let start = TextPosition(line: 1, column: 1)

    static func < (left: Self, right: Self) -> Bool { (left.line, left.column) < (right.line, right.column) }
}

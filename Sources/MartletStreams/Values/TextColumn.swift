import MartletCore

/// Texts one after the other, without an allocation for each.
package struct TextColumn: Hashable, Sendable {
    /// The UTF-8 bytes of all texts.
    package private(set) var bytes: [UInt8]
    /// Where each text ends in `bytes`.
    package private(set) var ends: [Int]

    /// No texts.
    package init() {
        bytes = []
        ends = []
    }

    /// These texts.
    package init(_ texts: some Sequence<String>) {
        self.init()
        for text in texts { append(text) }
    }

    /// How many texts there are.
    package var count: Int { ends.count }

    /// Where the bytes of text `row` stand.
    @inline(__always)
    package func range(_ row: Int) -> Range<Int> {
        let start = row == 0 ? 0 : ends[row - 1]
        return start..<ends[row]
    }

    /// Text `row`; bytes that are not UTF-8 are replaced.
    package subscript(_ row: Int) -> String { String(decoding: bytes[range(row)], as: UTF8.self) }

    /// Adds a text.
    package mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        ends.append(bytes.count)
    }

    /// Adds a text given as bytes.
    package mutating func append(bytes more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
        ends.append(bytes.count)
    }

    /// Makes room for `texts` more texts of `bytes` bytes together.
    package mutating func reserve(texts: Int, bytes more: Int) {
        ends.reserveCapacity(ends.count + texts)
        bytes.reserveCapacity(bytes.count + more)
    }

    /// Whether text `row` of this column has the same bytes as text `other` of another.
    package func isEqual(_ row: Int, to other: Int, of column: TextColumn) -> Bool {
        let (left, right) = (range(row), column.range(other))
        return left.count == right.count && bytes[left].elementsEqual(column.bytes[right])
    }

    /// Whether text `row` stands before text `other` of another column, by bytes.
    package func isLess(_ row: Int, than other: Int, of column: TextColumn) -> Bool {
        bytes[range(row)].lexicographicallyPrecedes(column.bytes[column.range(other)])
    }
}

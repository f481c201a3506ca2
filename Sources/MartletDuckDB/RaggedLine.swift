/// A line of a CSV file with another number of fields than the first.
///
/// DuckDB takes a small file with such a line for one of a single column rather than say what is wrong with it.
struct RaggedLine: Hashable {
    /// The line, from 1.
    var number: Int
    /// Its fields.
    var fields: Int
    /// The fields of the first line.
    var expected: Int

    /// The first such line in `text`, the start of a file; nil when the lines do not look like fields at all.
    ///
    /// A delimiter counts when it is in the first line, and at least half of the other lines have as many of it.
    static func first(in text: some Collection<UInt8>) -> RaggedLine? {
        for delimiter in ",;\t|".utf8 {
            let counts = fieldCounts(in: text, delimiter: delimiter)
            guard let expected = counts.first?.fields, expected > 1, counts.count > 1 else { continue }
            let fitting = counts.dropFirst().filter { $0.fields == expected }.count
            guard fitting * 2 >= counts.count - 1, let odd = counts.first(where: { $0.fields != expected }) else {
                continue
            }
            return RaggedLine(number: odd.line, fields: odd.fields, expected: expected)
        }
        return nil
    }

    /// The number of fields of each line that is not empty, without a last line that may be cut.
    private static func fieldCounts(
        in text: some Collection<UInt8>,
        delimiter: UInt8
    ) -> [(line: Int, fields: Int)] {
        var counts = [(line: Int, fields: Int)]()
        var line = 1
        var start = 1
        var fields = 1
        var isQuoted = false
        var isEmpty = true
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""):
                isQuoted.toggle()
                isEmpty = false
            case UInt8(ascii: "\n"):
                line += 1
                if isQuoted { continue }
                if !isEmpty { counts.append((start, fields)) }
                (start, fields, isEmpty) = (line, 1, true)
            case delimiter where !isQuoted:
                fields += 1
                isEmpty = false
            case UInt8(ascii: "\r"): continue
            default: isEmpty = false
            }
        }
        return counts
    }
}

/// Tells dates and times of YAML (https://yaml.org/type/timestamp.html) from other text.
enum YAMLTimestamp {
    /// Whether text is `2020-01-31`, or a date with a time behind it.
    static func matches(_ bytes: [UInt8]) -> Bool {
        var reader = Reader(rest: bytes[...])
        guard reader.digits(4...4), reader.take("-") else { return false }
        let day = reader
        if reader.digits(2...2), reader.take("-"), reader.digits(2...2), reader.rest.isEmpty { return true }
        reader = day
        guard reader.digits(1...2), reader.take("-"), reader.digits(1...2) else { return false }
        guard reader.take("T") || reader.take("t") || reader.spaces() else { return false }
        guard reader.digits(1...2), reader.take(":"), reader.digits(2...2), reader.take(":"), reader.digits(2...2)
        else {
            return false
        }
        if reader.take(".") { _ = reader.digits(0...Int.max) }
        if reader.rest.isEmpty { return true }
        _ = reader.spaces()
        if reader.take("Z") { return reader.rest.isEmpty }
        guard reader.take("+") || reader.take("-"), reader.digits(1...2) else { return false }
        if reader.take(":") { return reader.digits(2...2) && reader.rest.isEmpty }
        return reader.rest.isEmpty
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func digits(_ count: ClosedRange<Int>) -> Bool {
            let found = rest.prefix { (48...57).contains($0) }.count
            guard found >= count.lowerBound else { return false }
            rest = rest.dropFirst(min(found, count.upperBound))
            return true
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func spaces() -> Bool {
            let count = rest.prefix { $0 == 32 || $0 == 9 }.count
            rest = rest.dropFirst(count)
            return count > 0
        }
    }
}

import MartletCore

/// The order of values of one kind, exact also between whole numbers and doubles.
enum ValueOrder {
    /// Whether `left` is less than (-1), equal to (0) or greater than (1) `right`; nil when they cannot be compared.
    ///
    /// Not-a-number is greater than all other numbers, as engines have it.
    static func compare(_ left: SQLValue, _ right: SQLValue) -> Int? {
        if let left = moment(left), let right = moment(right) { return sign(left, right) }
        switch (left, right) {
        case (.integer(let left), .integer(let right)): return sign(left, right)
        case (.text(let left), .text(let right)): return sign(Array(left.utf8), Array(right.utf8))
        case (.boolean(let left), .boolean(let right)): return sign(left ? 1 : 0, right ? 1 : 0)
        case (.time(let left), .time(let right)): return sign(left, right)
        case (.integer(let left), .double(let right)): return compare(left, right)
        case (.double(let left), .integer(let right)): return compare(right, left).map { -$0 }
        default: break
        }
        if let left = DecimalText(left), let right = DecimalText(right) { return left.compare(right) }
        if let left = double(left), let right = double(right) {
            if left.isNaN || right.isNaN { return sign(left.isNaN ? 1 : 0, right.isNaN ? 1 : 0) }
            return sign(left, right)
        }
        return nil
    }

    /// A number as a double, as near as there is one.
    static func double(_ value: SQLValue) -> Double? {
        switch value {
        case .integer(let value): Double(value)
        case .wideInteger(let digits), .decimal(let digits): Double(digits)
        case .double(let value): value
        case .boolean(let value): value ? 1 : 0
        default: nil
        }
    }

    private static func moment(_ value: SQLValue) -> Int64? {
        switch value {
        case .date(let days): Int64(days) * CivilText.dayMicroseconds
        case .timestamp(let microseconds, _): microseconds
        default: nil
        }
    }

    private static func compare(_ left: Int64, _ right: Double) -> Int? {
        if right.isNaN || right >= 0x1p63 { return -1 }
        if right < -0x1p63 { return 1 }
        // In this range the whole part is exact, so that only the fraction is left to decide.
        let whole = right.rounded(.towardZero)
        let order = sign(left, Int64(whole))
        return order != 0 ? order : sign(whole, right)
    }

    private static func sign<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left < right ? -1 : left > right ? 1 : 0
    }

    private static func sign(_ left: [UInt8], _ right: [UInt8]) -> Int {
        left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    }
}

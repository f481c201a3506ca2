import MartletCore

/// A function of the expression language: of one record's values, and without effects.
package enum ExpressionFunction: String, Hashable, Sendable, CaseIterable {
    case abs, ceil, floor, round, sqrt, ln, exp, power
    case lower, upper, length, trim, concat, substring, contains
    case startsWith = "starts_with"
    case like
    case coalesce, nullif, least, greatest
    case year, month, day, hour, minute, second
    case dayOfWeek = "dayofweek"
    case dateTrunc = "date_trunc"
    case epoch
    case epochMicroseconds = "epoch_us"
    case seconds
    case isNaN = "isnan"

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .power, .contains, .startsWith, .like, .nullif, .dateTrunc: 2...2
        case .round: 1...2
        case .substring: 2...3
        case .concat, .coalesce, .least, .greatest: 1...100
        default: 1...1
        }
    }

    /// Whether a null among the arguments makes the result null.
    var isStrict: Bool {
        switch self {
        case .coalesce, .nullif, .least, .greatest: false
        default: true
        }
    }

    /// The result of these arguments, which have the types that the checker demands.
    func value(_ values: [StreamValue]) -> StreamValue {
        if isStrict, values.contains(.null) { return .null }
        let first = values.first ?? .null
        switch self {
        case .coalesce: return values.first { $0 != .null } ?? .null
        case .nullif: return values.count == 2 && Self.isEqual(values[0], values[1]) ? .null : first
        case .least: return extreme(values) { StreamValue.isOrdered($0, before: $1) }
        case .greatest: return extreme(values) { StreamValue.isOrdered($1, before: $0) }
        default: break
        }
        switch first {
        case .integer(let number): return ofInteger(number, values)
        case .double(let number): return ofDouble(number, values)
        case .text(let text): return ofText(text, values)
        case .timestamp(let time): return ofTime(time)
        case .boolean, .null: return .null
        }
    }

    static func isEqual(_ left: StreamValue, _ right: StreamValue) -> Bool {
        if case (.double(let left), .double(let right)) = (left, right) { return FloatOrder.isEqual(left, right) }
        return left != .null && left == right
    }

    private func extreme(_ values: [StreamValue], _ isBetter: (StreamValue, StreamValue) -> Bool) -> StreamValue {
        var best = StreamValue.null
        for value in values where value != .null {
            if best == .null || isBetter(value, best) { best = value }
        }
        return best
    }

    private func ofInteger(_ number: Int64, _ values: [StreamValue]) -> StreamValue {
        switch self {
        case .abs: number == .min ? .null : .integer(Swift.abs(number))
        case .ceil, .floor, .round: .integer(number)
        // An interval.
        case .seconds: .double(Double(number) / 1_000_000)
        case .concat: .null
        default: ofDouble(Double(number), values)
        }
    }

    private func ofDouble(_ number: Double, _ values: [StreamValue]) -> StreamValue {
        switch self {
        case .abs: .double(Swift.abs(number))
        case .ceil: .double(number.rounded(.up))
        case .floor: .double(number.rounded(.down))
        case .round: .double(rounded(number, values))
        case .sqrt: number < 0 ? .null : .double(number.squareRoot())
        case .ln: number <= 0 ? .null : .double(ExpressionMath.ln(number))
        case .exp: .double(ExpressionMath.exp(number))
        case .power:
            if case .double(let exponent)? = values.last {
                .double(ExpressionMath.power(number, exponent))
            } else {
                .null
            }
        case .isNaN: .boolean(number.isNaN)
        default: .null
        }
    }

    private func rounded(_ number: Double, _ values: [StreamValue]) -> Double {
        guard values.count == 2, case .integer(let digits) = values[1] else {
            return number.rounded(.toNearestOrAwayFromZero)
        }
        let scale = ExpressionMath.power(10, Double(min(max(digits, -300), 300)))
        let scaled = (number * scale).rounded(.toNearestOrAwayFromZero) / scale
        return scaled.isFinite ? scaled : number
    }

    private func ofTime(_ time: Int64) -> StreamValue {
        switch self {
        case .epoch: return .double(Double(time) / 1_000_000)
        case .epochMicroseconds: return .integer(time)
        // 1970-01-01 was a Thursday; Sunday is 0.
        case .dayOfWeek:
            let days = EventTime.floor(time, step: 86_400_000_000, offset: 0) / 86_400_000_000
            return .integer((days % 7 + 11) % 7)
        default: break
        }
        let date = CivilDate(of: Timestamp(microseconds: time))
        switch self {
        case .year: return .integer(Int64(date.year))
        case .month: return .integer(Int64(date.month))
        case .day: return .integer(Int64(date.day))
        case .hour: return .integer(Int64(date.hour))
        case .minute: return .integer(Int64(date.minute))
        case .second: return .integer(Int64(date.second))
        default: return .null
        }
    }

    /// `time` rounded down to a unit of the calendar; null for a unit that there is not.
    static func truncate(_ time: Int64, to unit: String) -> StreamValue {
        let second: Int64 = 1_000_000
        let steps = ["second": second, "minute": 60 * second, "hour": 3600 * second, "day": 86_400 * second]
        if let step = steps[unit] { return .timestamp(EventTime.floor(time, step: step, offset: 0)) }
        // Weeks start on Monday; 1970-01-05 was one.
        if unit == "week" {
            return .timestamp(EventTime.floor(time, step: 7 * 86_400 * second, offset: 4 * 86_400 * second))
        }
        let date = CivilDate(of: Timestamp(microseconds: time))
        let month = unit == "year" ? 1 : unit == "quarter" ? (date.month - 1) / 3 * 3 + 1 : date.month
        guard ["month", "quarter", "year"].contains(unit) else { return .null }
        return .timestamp(CivilDate.days(year: date.year, month: month, day: 1) * 86_400 * second)
    }

    /// The units of `date_trunc`.
    static let units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
}

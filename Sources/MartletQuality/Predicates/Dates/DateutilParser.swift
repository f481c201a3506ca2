import MartletCore

/// Tells whether python-dateutil's lenient parser (`dateutil.parser.parse`, version 2.9 and 4.0) takes a text.
///
/// The parser fills in what a text leaves out from the current day, on which it depends only whether February 29 without
/// a year is a date. Here it always is, so that a verdict does not depend on the day.
public struct DateutilParser: Hashable, Sendable {
    /// A parser; all are alike.
    public init() {}

    /// Whether the parser takes `text`.
    public func accepts(_ text: String) -> Bool {
        var reading = DateutilReading(DateutilTokens.of(text))
        return reading.run() && reading.isMoment
    }
}

/// A text while it is read.
struct DateutilReading {
    /// A leap year, which stands for years that are not told.
    private static let anyYear = 2000

    var tokens: [String]
    var index = 0
    var days = DateutilDay()
    var hour: Int?
    var minute: Int?
    var second: Int?
    private var hasWeekday = false
    private var zone: String?
    private var hasOffset = false

    init(_ tokens: [String]) { self.tokens = tokens }

    /// Reads all tokens; whether each makes sense where it stands.
    mutating func run() -> Bool {
        while index < tokens.count {
            guard step() else { return false }
            index += 1
        }
        return true
    }

    /// Whether what was read is at least a part of a date or time, and one that exists.
    var isMoment: Bool {
        guard let (year, month, day) = days.resolved else { return false }
        let hasAny =
            year != nil || month != nil || day != nil || hasWeekday || hour != nil || minute != nil || second != nil
            || zone != nil || hasOffset
        guard hasAny else { return false }
        let full = year.map { $0 < 100 && !days.saysCentury ? $0 + 2000 : $0 } ?? Self.anyYear
        guard (1...9999).contains(full), (1...12).contains(month ?? 1) else { return false }
        // A day that is not told gives way to a short month.
        let isDay = day.map { $0 >= 1 && $0 <= CivilDate.length(ofMonth: month ?? 1, year: full) } ?? true
        return isDay && (0..<24).contains(hour ?? 0) && (0..<60).contains(minute ?? 0)
            && (0..<60).contains(second ?? 0)
    }

    /// The token so many places further; nil past the end.
    func token(_ distance: Int) -> String? {
        tokens.indices.contains(index + distance) ? tokens[index + distance] : nil
    }

    private mutating func step() -> Bool {
        let token = tokens[index]
        if let number = DateutilNumber(token) { return read(number) }
        // Python takes these words for numbers, and then finds that they are none.
        if ["nan", "inf", "infinity"].contains(token.lowercased()) { return false }
        if DateutilWords.isWeekday(token) {
            hasWeekday = true
            return true
        }
        if let month = DateutilWords.month(token) { return read(month: month) }
        if let half = DateutilWords.half(token) {
            guard let hour, (0...12).contains(hour) else { return false }
            self.hour = Self.adjusted(hour, half)
            return true
        }
        if hour != nil, zone == nil, !hasOffset, DateutilWords.couldBeZone(token) {
            readZone(token)
            return true
        }
        if hour != nil, token == "+" || token == "-" { return readOffset() }
        return DateutilWords.isJump(token)
    }

    /// `12 am` is midnight, `1 pm` is 13.
    static func adjusted(_ hour: Int, _ half: Int) -> Int {
        hour < 12 && half == 1 ? hour + 12 : hour == 12 && half == 0 ? 0 : hour
    }

    /// A month by its name: `Jan`, `Jan-01`, `Jan-01-99`, `Jan of 01`.
    private mutating func read(month: Int) -> Bool {
        guard days.add(month, as: .month) else { return false }
        if let sign = token(1), sign == "-" || sign == "/" {
            guard let next = token(2), days.add(digits: next) else { return false }
            if token(3) == sign {
                guard let last = token(4), days.add(digits: last) else { return false }
                index += 2
            }
            index += 2
        } else if token(1) == " ", token(3) == " ", token(2)?.lowercased() == "of", let last = token(4) {
            if let year = DateutilNumber.whole(last) {
                let full = year < 100 ? year + 2000 : year
                guard days.add(digits: "\(full)", as: .year) else { return false }
            }
            index += 4
        }
        return true
    }

    private mutating func readZone(_ token: String) {
        zone = token
        hasOffset = token == "z"
        if let sign = self.token(1), sign == "+" || sign == "-" {
            // `GMT+3` is written for what is three hours behind.
            tokens[index + 1] = sign == "+" ? "-" : "+"
            hasOffset = false
            if DateutilWords.utc.contains(token) { zone = nil }
        }
    }

    /// An offset: `+0300`, `+03:00`, `+3`, with the zone's name in parentheses or without.
    private mutating func readOffset() -> Bool {
        guard let first = token(1) else { return false }
        if first.unicodeScalars.count == 4 {
            guard DateutilNumber.whole(first) != nil else { return false }
        } else if token(2) == ":" {
            guard DateutilNumber.whole(first) != nil, let minutes = token(3), DateutilNumber.whole(minutes) != nil
            else { return false }
            index += 2
        } else {
            guard first.unicodeScalars.count <= 2, DateutilNumber.whole(first) != nil else { return false }
        }
        hasOffset = true
        if index + 5 < tokens.count, DateutilWords.isJump(tokens[index + 2]), tokens[index + 3] == "(",
            tokens[index + 5] == ")", tokens[index + 4].unicodeScalars.count >= 3, zone == nil,
            DateutilWords.couldBeZone(tokens[index + 4])
        {
            zone = tokens[index + 4]
            index += 4
        }
        index += 1
        return true
    }
}

/// One field of a cron expression: its name, its limits and its names for values.
struct CronField {
    let name: String
    let range: ClosedRange<Int>
    var names: [String: Int] = [:]

    static let second = CronField(name: "second", range: 0...59)
    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let monthDay = CronField(name: "day-of-month", range: 1...31)
    static let month = CronField(name: "month", range: 1...12, names: numbered(from: 1, monthNames))
    static let weekDay = CronField(name: "day-of-week", range: 0...7, names: numbered(from: 0, dayNames))

    private static let monthNames = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]
    private static let dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    private static func numbered(from first: Int, _ names: [String]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0 + first) })
    }

    /// The values that a list of items allows.
    func values(_ text: String) throws(InvalidCron) -> Set<Int> {
        var found: Set<Int> = []
        for item in try items(text) { found.formUnion(try values(ofItem: item)) }
        return found
    }

    /// The items between commas.
    func items(_ text: String) throws(InvalidCron) -> [String] {
        let items = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if items.contains("") { throw fail("an item of the list is empty") }
        return items
    }

    /// The values of `*`, `a`, `a-b`, each with or without `/step`.
    func values(ofItem item: String) throws(InvalidCron) -> [Int] {
        let parts = item.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else { throw fail("\"\(item)\" has more than one /") }
        var step = 1
        if parts.count == 2 {
            guard let number = Int(parts[1]), number > 0 else { throw fail("the step \"\(parts[1])\" is not above 0") }
            step = number
        }
        if parts[0] == "*" || (parts[0] == "?" && parts.count == 1) {
            return Array(stride(from: range.lowerBound, through: range.upperBound, by: step))
        }
        let bounds = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard bounds.count <= 2 else { throw fail("\"\(parts[0])\" is not a range") }
        let low = try value(bounds[0])
        let high = try bounds.count == 2 ? value(bounds[1]) : (parts.count == 2 ? range.upperBound : low)
        if low <= high { return Array(stride(from: low, through: high, by: step)) }
        // A range that wraps, such as FRI-MON, runs through the end of the cycle.
        let top = name == Self.weekDay.name ? 6 : range.upperBound
        let cycle = Array(low...max(low, top)) + Array(range.lowerBound...high)
        return stride(from: 0, to: cycle.count, by: step).map { cycle[$0] }
    }

    /// One number or name.
    func value(_ text: String) throws(InvalidCron) -> Int {
        if let value = names[text] { return value }
        guard let value = Int(text), text.first?.isNumber == true else {
            let nearest = NearestName.of(text, among: names.keys.sorted())
            throw fail("\"\(text)\" is not a value", nearest.map { "did you mean \($0)?" })
        }
        guard range.contains(value) else {
            throw fail("\(value) is outside \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func fail(_ reason: String, _ remedy: String? = nil) -> InvalidCron {
        InvalidCron(
            field: name,
            reason: reason,
            remedy: remedy ?? "use \(range.lowerBound) to \(range.upperBound), lists (1,2), ranges (1-5) or steps (*/5)"
        )
    }

    static func monthDays(_ text: String) throws(InvalidCron) -> Set<CronExpression.MonthDay> {
        var found: Set<CronExpression.MonthDay> = []
        for item in try monthDay.items(text) {
            if item == "L" {
                found.insert(.last)
            } else if item.hasSuffix("W") || item.hasPrefix("W") {
                let digits = item.hasSuffix("W") ? item.dropLast() : item.dropFirst()
                found.insert(.nearestWeekday(try monthDay.value(String(digits))))
            } else {
                found.formUnion(try monthDay.values(ofItem: item).map { .day($0) })
            }
        }
        return found
    }

    static func weekDays(_ text: String) throws(InvalidCron) -> Set<CronExpression.WeekDay> {
        var found: Set<CronExpression.WeekDay> = []
        for item in try weekDay.items(text) {
            if let hash = item.firstIndex(of: "#") {
                let occurrence = Int(item[item.index(after: hash)...]) ?? 0
                guard (1...5).contains(occurrence) else {
                    throw weekDay.fail("after # stands 1 to 5", "5#3 is the third Friday")
                }
                found.insert(.nth(try weekDay.value(String(item[..<hash])) % 7, occurrence))
            } else if item.hasPrefix("L"), item.count > 1 {
                found.insert(.last(try weekDay.value(String(item.dropFirst())) % 7))
            } else {
                found.formUnion(try weekDay.values(ofItem: item).map { .every($0 % 7) })
            }
        }
        return found
    }
}

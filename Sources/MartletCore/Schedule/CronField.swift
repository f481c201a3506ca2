/// One field of a cron expression: its name, its limits and its names for values.
struct CronField: Sendable {
    let name: String
    /// Its place in an expression, which the hash of `H` depends on.
    let index: Int
    let range: ClosedRange<Int>
    var names: [String: Int] = [:]

    static let minute = CronField(name: "minute", index: 0, range: 0...59)
    static let hour = CronField(name: "hour", index: 1, range: 0...23)
    static let monthDay = CronField(name: "day-of-month", index: 2, range: 1...31)
    static let month = CronField(name: "month", index: 3, range: 1...12, names: numbered(from: 1, monthNames))
    static let weekDay = CronField(name: "day-of-week", index: 4, range: 0...6, names: numbered(from: 0, dayNames))
    static let second = CronField(name: "second", index: 5, range: 0...59)
    static let year = CronField(name: "year", index: 6, range: 1970...2099)

    private static let monthNames = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]
    private static let dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    private static func numbered(from first: Int, _ names: [String]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0 + first) })
    }

    /// The items between commas.
    func items(_ text: String) throws(InvalidCron) -> [String] {
        let items = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if items.contains("") { throw fail("an item of the list is empty") }
        return items
    }

    /// One number or name; 7 is Sunday too.
    func value(_ text: String) throws(InvalidCron) -> Int {
        if let value = names[text] { return value }
        guard let value = number(text) else {
            let nearest = NearestName.of(text, among: names.keys.sorted())
            throw fail("\"\(text)\" is not a value", nearest.map { "did you mean \($0)?" })
        }
        if index == Self.weekDay.index, value == 7 { return 0 }
        guard range.contains(value) else {
            throw fail("\(value) is outside \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A number of digits alone.
    func number(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy(NameRules.isDigit) ? Int(text) : nil
    }

    func fail(_ reason: String, _ remedy: String? = nil) -> InvalidCron {
        InvalidCron(
            field: name,
            reason: reason,
            remedy: remedy ?? "use \(range.lowerBound) to \(range.upperBound), lists (1,2), ranges (1-5) or steps (*/5)"
        )
    }
}

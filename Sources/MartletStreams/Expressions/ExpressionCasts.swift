import MartletCore

/// Values of one type made into another.
enum ExpressionCasts {
    /// `value` as `type`; null when it cannot be.
    static func cast(_ value: StreamValue, to type: StreamType) -> StreamValue {
        switch (value, type) {
        case (.null, _): .null
        case (.integer, .integer), (.double, .double), (.text, .text), (.boolean, .boolean), (.timestamp, .timestamp):
            value
        case (.integer(let number), .double): .double(Double(number))
        case (.integer(let number), .boolean): .boolean(number != 0)
        case (.integer(let number), .text): .text(String(number))
        // As SQL does, to the nearest whole number, ties to even.
        case (.double(let number), .integer):
            Int64(exactly: number.rounded(.toNearestOrEven)).map { .integer($0) } ?? .null
        case (.double(let number), .text): .text(String(number))
        case (.boolean(let truth), .integer): .integer(truth ? 1 : 0)
        case (.boolean(let truth), .text): .text(truth ? "true" : "false")
        case (.timestamp(let time), .text): .text(Timestamp(microseconds: time).description)
        case (.text(let text), .integer): Int64(text).map { .integer($0) } ?? .null
        case (.text(let text), .double): Double(text).map { .double($0) } ?? .null
        case (.text(let text), .boolean): truth(text)
        case (.text(let text), .timestamp): timestamp(text).map { .timestamp($0) } ?? .null
        default: .null
        }
    }

    /// Whether a type can be made into another at all.
    static func isPossible(_ from: StreamType, to type: StreamType) -> Bool {
        if from == type || from == .text || type == .text { return true }
        return switch (from, type) {
        case (.integer, .double), (.double, .integer), (.integer, .boolean), (.boolean, .integer): true
        default: false
        }
    }

    private static func truth(_ text: String) -> StreamValue {
        switch text.lowercased() {
        case "true", "t", "yes", "1": .boolean(true)
        case "false", "f", "no", "0": .boolean(false)
        default: .null
        }
    }

    /// The instant that a text is, in UTC: a date, or a date and a time with or without `Z`.
    static func timestamp(_ text: String) -> Int64? {
        var words = text.split(whereSeparator: { $0 == " " || $0 == "T" || $0 == "t" })
        guard let date = words.popFirst(), words.count <= 1 else { return nil }
        var time = words.first.map(String.init) ?? "00:00:00"
        if time.last == "Z" || time.last == "z" { time.removeLast() }
        if time.utf8.count == 5 { time += ":00" }
        return Timestamp(rfc3339: "\(date)T\(time)Z")?.microseconds
    }
}

extension Array {
    fileprivate mutating func popFirst() -> Element? { isEmpty ? nil : removeFirst() }
}

import MartletCore

extension ExpressionFunction {
    /// What an argument has to be.
    enum Parameter: Hashable, Sendable {
        /// Whole or not, and kept so.
        case number
        /// A fraction; a whole number becomes one.
        case double
        case interval
        case of(StreamType)

        var type: StreamType {
            switch self {
            case .number, .double: .double
            case .interval: .integer
            case .of(let type): type
            }
        }

        var name: String {
            switch self {
            case .number, .double: "a number"
            case .interval: "an interval"
            case .of(.text): "a text"
            case .of(.timestamp): "an instant"
            case .of(let type): "of type \(type.rawValue)"
            }
        }
    }

    /// What each of `count` arguments has to be; not for those that take arguments of any one type.
    func parameters(_ count: Int) -> [Parameter] {
        switch self {
        case .abs, .ceil, .floor: [.number]
        case .round: [.number, .of(.integer)]
        case .sqrt, .ln, .exp, .isNaN: [.double]
        case .power: [.double, .double]
        case .lower, .upper, .length, .trim: [.of(.text)]
        case .concat: [Parameter](repeating: .of(.text), count: count)
        case .contains, .startsWith, .like: [.of(.text), .of(.text)]
        case .substring: [.of(.text), .of(.integer), .of(.integer)]
        case .year, .month, .day, .hour, .minute, .second, .dayOfWeek, .epoch, .epochMicroseconds: [.of(.timestamp)]
        case .dateTrunc: [.of(.text), .of(.timestamp)]
        case .seconds: [.interval]
        case .coalesce, .nullif, .least, .greatest: []
        }
    }

    /// The type of the result; `first` is that of the first argument.
    func result(of first: StreamType?) -> StreamType {
        switch self {
        case .abs, .ceil, .floor, .round: first == .integer ? .integer : .double
        case .sqrt, .ln, .exp, .power, .epoch, .seconds: .double
        case .lower, .upper, .trim, .concat, .substring: .text
        case .length, .year, .month, .day, .hour, .minute, .second, .dayOfWeek, .epochMicroseconds: .integer
        case .contains, .startsWith, .like, .isNaN: .boolean
        case .dateTrunc: .timestamp
        case .coalesce, .nullif, .least, .greatest: first ?? .text
        }
    }
}

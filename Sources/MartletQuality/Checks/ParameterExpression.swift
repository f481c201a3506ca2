import Foundation
import MartletCore

/// Arithmetic on suite parameters, as GX 0.18 has it: `upstream_row_count * 0.9`, `now() - timedelta(days=7)`.
///
/// Operators are `^` (to the right), `*` and `/`, `+` and `-`; functions are sin, cos, tan, exp, abs, trunc, round, sgn,
/// now, datetime and timedelta; PI and E are constants.
struct ParameterExpression {
    /// What is wrong, as a clause.
    struct Problem: Error { var message: String }

    private let text: String
    private let values: [String: JSONValue]
    private let now: Timestamp?
    private var rest: Substring
    private var depth = 0

    static func value(
        of text: String,
        values: [String: JSONValue],
        now: Timestamp?
    ) throws(Problem) -> JSONValue {
        guard text.utf8.count <= Limits.parameterExpressionBytes else {
            throw Problem(message: "the expression is longer than \(Limits.parameterExpressionBytes) bytes")
        }
        if text.hasPrefix("urn:") {
            throw Problem(
                message: "\(text) asks for a metric of another run of Great Expectations, which is not kept here"
            )
        }
        var expression = ParameterExpression(text: text, values: values, now: now, rest: text[...])
        let operand = try expression.sum()
        expression.skipSpace()
        guard expression.rest.isEmpty else {
            throw Problem(message: "\"\(text)\" cannot be read from \"\(expression.rest)\" on")
        }
        return try operand.json(text)
    }

    /// A number or a time on the way.
    private enum Operand {
        case whole(Int)
        case real(Double)
        /// Seconds since 1970.
        case instant(Double)
        /// Seconds.
        case span(Double)

        var number: Double? {
            switch self {
            case .whole(let value): Double(value)
            case .real(let value): value
            default: nil
            }
        }

        func json(_ text: String) throws(Problem) -> JSONValue {
            switch self {
            case .whole(let value): return .integer(value)
            case .real(let value): return .number(value)
            case .instant(let seconds): return .string(String(Timestamp(seconds: seconds).description.dropLast()))
            case .span: throw Problem(message: "\"\(text)\" is a length of time, which no argument takes")
            }
        }
    }

    // MARK: - Grammar

    private mutating func sum() throws(Problem) -> Operand {
        depth += 1
        defer { depth -= 1 }
        if depth > Limits.nestingDepth { throw Problem(message: "the expression is nested too deep") }
        var left = try product()
        while let sign = take(["+", "-"]) {
            let right = try product()
            left = try sign == "+" ? add(left, right, 1) : add(left, right, -1)
        }
        return left
    }

    private mutating func product() throws(Problem) -> Operand {
        var left = try power()
        while let sign = take(["*", "/"]) {
            let right = try power()
            switch (left, right, sign) {
            case (.whole(let first), .whole(let second), "*"):
                let (product, overflow) = first.multipliedReportingOverflow(by: second)
                left = overflow ? .real(Double(first) * Double(second)) : .whole(product)
            default:
                guard let first = left.number, let second = right.number else { throw mismatch(sign) }
                if sign == "/", second == 0 { throw Problem(message: "\"\(text)\" divides by zero") }
                left = .real(sign == "*" ? first * second : first / second)
            }
        }
        return left
    }

    private mutating func power() throws(Problem) -> Operand {
        let base = try atom()
        guard take(["^"]) != nil else { return base }
        depth += 1
        defer { depth -= 1 }
        if depth > Limits.nestingDepth { throw Problem(message: "the expression is nested too deep") }
        let exponent = try power()
        guard let first = base.number, let second = exponent.number else { throw mismatch("^") }
        let result = pow(first, second)
        if case .whole = base, case .whole(0...) = exponent, let whole = Int(exactly: result), abs(result) < 1e15 {
            return .whole(whole)
        }
        return .real(result)
    }

    private mutating func atom() throws(Problem) -> Operand {
        var isNegative = false
        while let sign = take(["+", "-"]) { if sign == "-" { isNegative.toggle() } }
        let operand = try unsigned()
        if !isNegative { return operand }
        switch operand {
        case .whole(let value): return .whole(0 &- value)
        case .real(let value): return .real(-value)
        case .span(let value): return .span(-value)
        case .instant: throw mismatch("-")
        }
    }

    private mutating func unsigned() throws(Problem) -> Operand {
        skipSpace()
        if take(["("]) != nil {
            let inner = try sum()
            guard take([")"]) != nil else { throw Problem(message: "\"\(text)\" has a ( without its )") }
            return inner
        }
        if let first = rest.first, first.isNumber || first == "." { return try literal() }
        let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" })
        guard !name.isEmpty else { throw Problem(message: "\"\(text)\" cannot be read from \"\(rest)\" on") }
        rest = rest.dropFirst(name.count)
        if rest.first == "(" { return try call(name) }
        if let value = values[name] { return try operand(value, name) }
        switch name.uppercased() {
        case "PI": return .real(.pi)
        case "E": return .real(M_E)
        default: throw Problem(message: "there is no value for the parameter \(name)")
        }
    }

    private mutating func literal() throws(Problem) -> Operand {
        var digits = ""
        while let next = rest.first,
            next.isNumber || next == "." || next == "e" || next == "E"
                || (next == "+" || next == "-") && (digits.last == "e" || digits.last == "E")
        {
            digits.append(next)
            rest.removeFirst()
        }
        if let whole = Int(digits) { return .whole(whole) }
        guard let real = Double(digits) else { throw Problem(message: "\(digits) is no number") }
        return .real(real)
    }

    private func operand(_ value: JSONValue, _ name: String) throws(Problem) -> Operand {
        switch value {
        case .integer(let whole): return .whole(whole)
        case .number(let real): return .real(real)
        case .string(let text):
            if let whole = Int(text) { return .whole(whole) }
            if let real = Double(text) { return .real(real) }
            if let instant = Self.instant(text) { return .instant(instant) }
            throw Problem(message: "the parameter \(name) is \"\(text)\", with which nothing can be computed")
        default:
            throw Problem(message: "the parameter \(name) is \(value.typeName), with which nothing can be computed")
        }
    }

    private static func instant(_ text: String) -> Double? {
        guard let iso = DateText.normalised(text) else { return nil }
        let local = iso.count == 10 ? iso + "T00:00:00" : iso.replacing("+00:00", with: "")
        return Timestamp(rfc3339: local + "Z").map { Double($0.microseconds) / 1e6 }
    }

    // MARK: - Functions

    private mutating func call(_ name: String) throws(Problem) -> Operand {
        rest.removeFirst()
        var positional: [Operand] = []
        var named: [String: Operand] = [:]
        skipSpace()
        if take([")"]) == nil {
            repeat {
                skipSpace()
                let key = String(rest.prefix { $0.isLetter || $0 == "_" })
                let after = rest.dropFirst(key.count).drop { $0 == " " }
                if !key.isEmpty, after.first == "=" {
                    rest = after.dropFirst()
                    named[key] = try sum()
                } else {
                    positional.append(try sum())
                }
            } while take([","]) != nil
            guard take([")"]) != nil else { throw Problem(message: "\"\(text)\" has a ( without its )") }
        }
        return try apply(name, positional, named)
    }

    private func apply(
        _ name: String,
        _ arguments: [Operand],
        _ named: [String: Operand]
    ) throws(Problem) -> Operand {
        switch name {
        case "now":
            guard let now else { throw Problem(message: "now() is not known here") }
            return .instant(Double(now.microseconds) / 1e6)
        case "datetime": return try datetime(arguments, named)
        case "timedelta": return try timedelta(arguments, named)
        default: break
        }
        guard arguments.count == 1, named.isEmpty, let value = arguments[0].number else {
            throw Problem(message: "\(name)() does not take these arguments")
        }
        switch name {
        case "sin": return .real(sin(value))
        case "cos": return .real(cos(value))
        case "tan": return .real(tan(value))
        case "exp": return .real(exp(value))
        case "abs":
            if case .whole(let whole) = arguments[0], let size = Int(exactly: whole.magnitude) { return .whole(size) }
            return .real(abs(value))
        case "trunc": return try whole(value.rounded(.towardZero))
        case "round": return try whole(value.rounded(.toNearestOrEven))
        case "sgn": return .whole(value < -1e-12 ? -1 : value > 1e-12 ? 1 : 0)
        default: throw Problem(message: "there is no function \(name)()")
        }
    }

    private func whole(_ value: Double) throws(Problem) -> Operand {
        guard let whole = Int(exactly: value) else { throw Problem(message: "\"\(text)\" is no whole number") }
        return .whole(whole)
    }

    private func datetime(_ positional: [Operand], _ named: [String: Operand]) throws(Problem) -> Operand {
        let names = ["year", "month", "day", "hour", "minute", "second"]
        var parts = [0, 1, 1, 0, 0, 0]
        for (index, name) in names.enumerated() {
            let operand = named[name] ?? (index < positional.count ? positional[index] : nil)
            // What is out of range becomes -1, which no date has.
            if let value = operand?.number { parts[index] = (0...9999).contains(value) ? Int(value) : -1 }
        }
        let digits = parts.enumerated().map { padded($1, $0 == 0 ? 4 : 2) }
        let text = "\(digits[0])-\(digits[1])-\(digits[2])T\(digits[3]):\(digits[4]):\(digits[5])Z"
        guard let instant = Timestamp(rfc3339: text) else { throw Problem(message: "\"\(self.text)\" names no date") }
        return .instant(Double(instant.microseconds) / 1e6)
    }

    private func timedelta(_ positional: [Operand], _ named: [String: Operand]) throws(Problem) -> Operand {
        let units = [
            ("days", 86_400.0), ("seconds", 1), ("microseconds", 1e-6), ("milliseconds", 1e-3), ("minutes", 60),
            ("hours", 3_600), ("weeks", 604_800),
        ]
        var seconds = 0.0
        for (unit, operand) in zip(units, positional) { seconds += unit.1 * (operand.number ?? 0) }
        for (name, operand) in named {
            guard let unit = units.first(where: { $0.0 == name }) else {
                throw Problem(message: "timedelta() has no argument \(name)")
            }
            seconds += unit.1 * (operand.number ?? 0)
        }
        return .span(seconds)
    }

    // MARK: - Parts

    private func add(_ left: Operand, _ right: Operand, _ sign: Double) throws(Problem) -> Operand {
        switch (left, right) {
        case (.whole(let first), .whole(let second)):
            let sum = sign > 0 ? first.addingReportingOverflow(second) : first.subtractingReportingOverflow(second)
            return sum.overflow ? .real(Double(first) + sign * Double(second)) : .whole(sum.partialValue)
        case (.instant(let first), .span(let second)): return .instant(first + sign * second)
        case (.span(let first), .instant(let second)) where sign > 0: return .instant(first + second)
        case (.span(let first), .span(let second)): return .span(first + sign * second)
        case (.instant(let first), .instant(let second)) where sign < 0: return .span(first - second)
        default:
            guard let first = left.number, let second = right.number else { throw mismatch(sign > 0 ? "+" : "-") }
            return .real(first + sign * second)
        }
    }

    private func mismatch(_ sign: String) -> Problem {
        Problem(message: "\"\(text)\": \(sign) does not go between a time and a number")
    }

    private func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private mutating func skipSpace() { rest = rest.drop { $0.isWhitespace } }

    private mutating func take(_ signs: [String]) -> String? {
        skipSpace()
        guard let first = rest.first, signs.contains(String(first)) else { return nil }
        rest.removeFirst()
        return String(first)
    }
}

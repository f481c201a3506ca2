/// Reads an ``Expression``: recursive descent over the bytes between `{{` and `}}`.
struct ExpressionParser {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int
    private var depth = 0
    /// How many operators and filters there were; each nests the result by one.
    private var operators = 0

    init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    mutating func parse() throws(TemplateError) -> Expression {
        let expression = try disjunction()
        skipSpace()
        if position < end { throw fail("\(remainder) was not expected here") }
        return expression
    }

    private mutating func disjunction() throws(TemplateError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        if depth > Limits.nestingDepth { throw fail("the expression is nested too deeply") }
        var left = try conjunction()
        while take(word: "or") {
            try countOperator()
            left = .or(left, try conjunction())
        }
        return left
    }

    private mutating func countOperator() throws(TemplateError) {
        operators += 1
        if operators > Limits.expressionOperators {
            throw fail("the expression has more than \(Limits.expressionOperators) operators")
        }
    }

    private mutating func conjunction() throws(TemplateError) -> Expression {
        var left = try negation()
        while take(word: "and") {
            try countOperator()
            left = .and(left, try negation())
        }
        return left
    }

    private mutating func negation() throws(TemplateError) -> Expression {
        var negations = 0
        while take(word: "not") { negations += 1 }
        let inner = try comparison()
        return negations % 2 == 1 ? .not(inner) : inner
    }

    private mutating func comparison() throws(TemplateError) -> Expression {
        let left = try filtered()
        for operation in Expression.Comparison.allCases where take(symbol: operation.rawValue) {
            return .comparison(left, operation, try filtered())
        }
        skipSpace()
        if position < end, bytes[position] == UInt8(ascii: "=") { throw fail("a single = does not compare; write ==") }
        return left
    }

    private mutating func filtered() throws(TemplateError) -> Expression {
        var value = try primary()
        while take(symbol: "|") {
            try countOperator()
            skipSpace()
            let start = position
            let name = word()
            switch name {
            case "default":
                guard take(symbol: "(") else { throw fail("default needs a value: default('x')") }
                let other = try disjunction()
                guard take(symbol: ")") else { throw fail("a closing ) is missing") }
                value = .filter(value, .fallback(other))
            case "json": value = .filter(value, .json)
            case "lower": value = .filter(value, .lower)
            case "upper": value = .filter(value, .upper)
            default:
                throw TemplateError(
                    offset: start,
                    reason: "\"\(name)\" is not a filter",
                    remedy: "filters are default(x), json, lower and upper"
                )
            }
        }
        return value
    }

    private mutating func primary() throws(TemplateError) -> Expression {
        skipSpace()
        guard position < end else { throw fail("a value is missing") }
        let byte = bytes[position]
        if take(symbol: "(") {
            let inner = try disjunction()
            guard take(symbol: ")") else { throw fail("a closing ) is missing") }
            return inner
        }
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return .literal(.string(try quoted(by: byte))) }
        if NameRules.isDigit(byte) || byte == UInt8(ascii: "-") { return .literal(try number()) }
        let start = position
        var path = [word()]
        if path[0].isEmpty { throw fail("\(remainder) is not a value") }
        while position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            let part = word()
            if part.isEmpty { throw fail("a name is missing after the dot") }
            path.append(part)
        }
        switch path {
        case ["true"]: return .literal(true)
        case ["false"]: return .literal(false)
        case ["null"]: return .literal(.null)
        default: return .name(path: path, offset: start)
        }
    }

    private mutating func quoted(by quote: UInt8) throws(TemplateError) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        while position < end, bytes[position] != quote {
            if bytes[position] == UInt8(ascii: "\\"), position + 1 < end { position += 1 }
            text.append(bytes[position])
            position += 1
        }
        guard position < end else { throw TemplateError(offset: start, reason: "the text has no closing quote") }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func number() throws(TemplateError) -> JSONValue {
        let start = position
        position += 1
        while position < end, NameRules.isDigit(bytes[position]) || [46, 69, 101].contains(bytes[position]) {
            let isExponent = bytes[position] == 69 || bytes[position] == 101
            position += 1
            if isExponent, position < end, [43, 45].contains(bytes[position]) { position += 1 }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let value = Int(text) { return .integer(value) }
        if let value = Double(text), value.isFinite { return .number(value) }
        throw TemplateError(offset: start, reason: "\(text) is not a number")
    }

    private mutating func skipSpace() {
        while position < end, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
    }

    /// A name's part: letters, digits, `_`, and `-` between them, because step ids may hold it.
    private mutating func word() -> String {
        let start = position
        while position < end, isWord(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func isWord(_ byte: UInt8) -> Bool {
        NameRules.isLetter(byte) || NameRules.isDigit(byte) || byte == 95 || byte == 45
    }

    private mutating func take(symbol: String) -> Bool {
        skipSpace()
        guard bytes[position..<end].starts(with: symbol.utf8) else { return false }
        position += symbol.utf8.count
        return true
    }

    private mutating func take(word wanted: String) -> Bool {
        skipSpace()
        let after = position + wanted.utf8.count
        guard bytes[position..<end].starts(with: wanted.utf8) else { return false }
        if after < end, isWord(bytes[after]) { return false }
        position = after
        return true
    }

    private var remainder: String {
        let text = String(decoding: bytes[position..<min(end, position + 20)], as: UTF8.self)
        return "\"\(text)\""
    }

    private func fail(_ reason: String) -> TemplateError { TemplateError(offset: position, reason: reason) }
}

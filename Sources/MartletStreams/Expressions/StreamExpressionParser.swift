import MartletCore

/// Reads an expression: SQL's, loosest first `or`, `and`, `not`, comparisons with `is null`, `in`, `like` and
/// `between`, `||`, `+ -`, `* / // %`, a sign, and then literals, columns, `case`, `cast(x as type)`, functions and
/// parentheses.
///
/// Besides SQL's literals: `timestamp '2026-01-02T03:04:05Z'` and `interval '10m'`.
package struct StreamExpressionParser {
    private let tokens: [ExpressionToken]
    var at = 0
    private var depth = 0
    private var operators = 0

    private init(_ tokens: [ExpressionToken]) { self.tokens = tokens }

    /// The expression that `text` is.
    ///
    /// - Throws: ``ExpressionFault`` where it cannot be read.
    package static func parse(_ text: String) throws(ExpressionFault) -> StreamExpression {
        guard text.utf8.count <= Limits.streamExpressionBytes else {
            throw ExpressionFault(0, "the expression is longer than \(Limits.streamExpressionBytes) bytes")
        }
        var parser = StreamExpressionParser(try ExpressionLexer.tokens(of: text))
        let expression = try parser.disjunction()
        guard parser.operators <= Limits.streamExpressionOperators else {
            throw ExpressionFault(0, "the expression has more than \(Limits.streamExpressionOperators) operators")
        }
        guard parser.token.kind == .end else { throw parser.unexpected("an operator or the end") }
        return expression
    }

    var token: ExpressionToken { tokens[min(at, tokens.count - 1)] }

    static let keywords: Set<String> = [
        "and", "or", "not", "is", "null", "in", "like", "between", "case", "when", "then", "else", "end", "cast", "as",
        "true", "false",
    ]

    func isWord(_ word: String) -> Bool { token.kind == .word && token.text.lowercased() == word }
    func isSign(_ sign: String) -> Bool { token.kind == .sign && token.text == sign }

    mutating func accept(word: String) -> Bool {
        guard isWord(word) else { return false }
        at += 1
        return true
    }

    mutating func accept(sign: String) -> Bool {
        guard isSign(sign) else { return false }
        at += 1
        return true
    }

    mutating func expect(word: String) throws(ExpressionFault) {
        if !accept(word: word) { throw unexpected(word.uppercased()) }
    }

    mutating func expect(sign: String) throws(ExpressionFault) {
        if !accept(sign: sign) { throw unexpected("\"\(sign)\"") }
    }

    func unexpected(_ wanted: String) -> ExpressionFault {
        let found = token.kind == .end ? "the expression ends" : "\"\(token.text)\" stands"
        return ExpressionFault(token.offset, "\(found) where \(wanted) is expected")
    }

    mutating func disjunction() throws(ExpressionFault) -> StreamExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Limits.streamExpressionDepth else {
            throw ExpressionFault(token.offset, "it is nested deeper than \(Limits.streamExpressionDepth) levels")
        }
        var left = try conjunction()
        while accept(word: "or") { left = wrap(.or(left, try conjunction()), left) }
        return left
    }

    mutating func wrap(_ node: StreamExpression.Node, _ first: StreamExpression) -> StreamExpression {
        operators += 1
        return StreamExpression(node: node, offset: first.offset)
    }

    private mutating func conjunction() throws(ExpressionFault) -> StreamExpression {
        var left = try negation()
        while accept(word: "and") { left = wrap(.and(left, try negation()), left) }
        return left
    }

    private mutating func negation() throws(ExpressionFault) -> StreamExpression {
        let start = token.offset
        var isNegated = false
        while accept(word: "not") { isNegated.toggle() }
        let inner = try comparison()
        return isNegated ? StreamExpression(node: .not(inner), offset: start) : inner
    }

    private mutating func comparison() throws(ExpressionFault) -> StreamExpression {
        var left = try concatenation()
        while true {
            if token.kind == .sign, let comparison = Self.comparison(token.text) {
                at += 1
                left = wrap(.comparison(left, comparison, try concatenation()), left)
            } else if accept(word: "is") {
                let isNegated = accept(word: "not")
                try expect(word: "null")
                left = negate(wrap(.isNull(left), left), isNegated)
            } else {
                let isNegated = isWord("not")
                if isNegated { at += 1 }
                guard let test = try membership(of: left) else {
                    if isNegated { throw unexpected("IN, LIKE or BETWEEN") }
                    return left
                }
                left = negate(test, isNegated)
            }
        }
    }

    private mutating func negate(_ inner: StreamExpression, _ isNegated: Bool) -> StreamExpression {
        isNegated ? wrap(.not(inner), inner) : inner
    }

    private static func comparison(_ sign: String) -> StreamExpression.Comparison? {
        switch sign {
        case "==": .equal
        case "!=": .notEqual
        default: StreamExpression.Comparison(rawValue: sign)
        }
    }

    /// `in (...)`, `like` or `between`; nil when none of them stands here.
    private mutating func membership(of left: StreamExpression) throws(ExpressionFault) -> StreamExpression? {
        if accept(word: "in") {
            try expect(sign: "(")
            return wrap(.oneOf(left, try list()), left)
        }
        if accept(word: "like") { return wrap(.like(left, try concatenation()), left) }
        if accept(word: "between") {
            let low = try concatenation()
            try expect(word: "and")
            let high = try concatenation()
            let above = wrap(.comparison(left, .greaterOrEqual, low), left)
            return wrap(.and(above, wrap(.comparison(left, .lessOrEqual, high), left)), left)
        }
        return nil
    }

    /// Expressions up to the closing parenthesis.
    mutating func list() throws(ExpressionFault) -> [StreamExpression] {
        var list = [try disjunction()]
        while accept(sign: ",") { list.append(try disjunction()) }
        try expect(sign: ")")
        return list
    }

    private mutating func concatenation() throws(ExpressionFault) -> StreamExpression {
        var left = try sum()
        while accept(sign: "||") { left = wrap(.call("concat", [left, try sum()]), left) }
        return left
    }

    private mutating func sum() throws(ExpressionFault) -> StreamExpression {
        var left = try product()
        while isSign("+") || isSign("-"), let operation = StreamExpression.Arithmetic(rawValue: token.text) {
            at += 1
            left = wrap(.arithmetic(left, operation, try product()), left)
        }
        return left
    }

    private mutating func product() throws(ExpressionFault) -> StreamExpression {
        var left = try signed()
        while token.kind == .sign, ["*", "/", "//", "%"].contains(token.text),
            let operation = StreamExpression.Arithmetic(rawValue: token.text)
        {
            at += 1
            left = wrap(.arithmetic(left, operation, try signed()), left)
        }
        return left
    }

    private mutating func signed() throws(ExpressionFault) -> StreamExpression {
        let start = token.offset
        var isNegated = false
        while isSign("-") || isSign("+") {
            if isSign("-") { isNegated.toggle() }
            at += 1
        }
        // The least whole number has no positive counterpart, so the sign belongs to the literal.
        if isNegated, token.kind == .number, let number = Int64("-\(token.text)") {
            at += 1
            return StreamExpression(node: .literal(.integer(number)), offset: start)
        }
        let inner = try primary()
        return isNegated ? StreamExpression(node: .negated(inner), offset: start) : inner
    }
}

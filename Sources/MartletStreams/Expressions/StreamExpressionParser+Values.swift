import MartletCore

extension StreamExpressionParser {
    mutating func primary() throws(ExpressionFault) -> StreamExpression {
        let first = token
        func made(_ node: StreamExpression.Node) -> StreamExpression {
            StreamExpression(node: node, offset: first.offset)
        }
        switch first.kind {
        case .number:
            at += 1
            if let number = Int64(first.text) { return made(.literal(.integer(number))) }
            guard let number = Double(first.text), number.isFinite else {
                throw ExpressionFault(first.offset, "\(first.text) is not a number")
            }
            return made(.literal(.double(number)))
        case .text:
            at += 1
            return made(.literal(.text(first.text)))
        case .quotedName:
            at += 1
            return made(.column(first.text))
        case .sign:
            guard accept(sign: "(") else { throw unexpected("a value") }
            let inner = try disjunction()
            try expect(sign: ")")
            return inner
        case .end: throw unexpected("a value")
        case .word: return made(try word(first))
        }
    }

    private mutating func word(_ first: ExpressionToken) throws(ExpressionFault) -> StreamExpression.Node {
        at += 1
        let word = first.text.lowercased()
        switch word {
        case "true": return .literal(.boolean(true))
        case "false": return .literal(.boolean(false))
        case "null": return .literal(.null)
        case "timestamp" where token.kind == .text, "interval" where token.kind == .text:
            let literal = token
            at += 1
            return word == "interval" ? try Self.interval(literal) : try Self.instant(literal)
        case "case": return try choice()
        case "cast":
            try expect(sign: "(")
            let inner = try disjunction()
            try expect(word: "as")
            let name = token
            guard name.kind == .word else { throw unexpected("a type") }
            at += 1
            guard let type = Self.types[name.text.lowercased()] else {
                let near = NearestName.of(name.text, among: Self.types.keys.sorted())
                throw ExpressionFault(
                    name.offset,
                    "\(name.text) is not a type",
                    remedy: near.map { "did you mean \($0)?" } ?? "use integer, double, text, boolean or timestamp"
                )
            }
            try expect(sign: ")")
            return .cast(inner, type)
        default:
            if accept(sign: "(") {
                return .call(word, accept(sign: ")") ? [] : try list())
            }
            if Self.keywords.contains(word) {
                at -= 1
                throw unexpected("a value")
            }
            return .column(first.text)
        }
    }

    private static let types: [String: StreamType] = [
        "integer": .integer, "int": .integer, "bigint": .integer, "double": .double, "float": .double, "text": .text,
        "varchar": .text, "string": .text, "boolean": .boolean, "bool": .boolean, "timestamp": .timestamp,
        "timestamptz": .timestamp,
    ]

    private static func interval(_ literal: ExpressionToken) throws(ExpressionFault) -> StreamExpression.Node {
        do {
            return .interval(try Duration(text: literal.text).microseconds)
        } catch {
            throw ExpressionFault(literal.offset, error.description, remedy: "write it as in interval '1h30m'")
        }
    }

    private static func instant(_ literal: ExpressionToken) throws(ExpressionFault) -> StreamExpression.Node {
        guard let time = ExpressionCasts.timestamp(literal.text) else {
            throw ExpressionFault(
                literal.offset,
                "\"\(literal.text)\" is not an instant",
                remedy: "write 2026-01-02, 2026-01-02 03:04:05 or 2026-01-02T03:04:05Z, in UTC"
            )
        }
        return .literal(.timestamp(time))
    }

    private mutating func choice() throws(ExpressionFault) -> StreamExpression.Node {
        let subject = isWord("when") ? nil : try disjunction()
        var branches = [StreamExpression.Branch]()
        while accept(word: "when") {
            var condition = try disjunction()
            if let subject { condition = wrap(.comparison(subject, .equal, condition), condition) }
            try expect(word: "then")
            branches.append(StreamExpression.Branch(condition: condition, value: try disjunction()))
        }
        if branches.isEmpty { throw unexpected("WHEN") }
        let otherwise = accept(word: "else") ? try disjunction() : nil
        try expect(word: "end")
        return .choice(branches, otherwise: otherwise)
    }
}

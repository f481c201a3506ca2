import MartletCore

/// SQL that a suite gives as text.
enum SQLFragment {
    /// Requires that `text`, put in parentheses, cannot end them: quotes, comments and parentheses in it are whole.
    ///
    /// - Throws: `.checkArgumentsInvalid` as the failure of `metric`.
    static func requireWhole(_ text: String, _ metric: String, _ dialect: SQLDialect) throws(CheckFailure) {
        guard let problem = problem(text, dialect) else { return }
        throw CheckFailure(
            metric: metric,
            error: MartletError(
                .checkArgumentsInvalid,
                "the SQL \(text.debugDescription) is not one whole expression: \(problem)",
                remedy: "write one expression or query, with its quotes and parentheses closed and no semicolon"
            )
        )
    }

    /// What keeps `text` from being whole; nil when it is.
    static func problem(_ text: String, _ dialect: SQLDialect) -> String? {
        var scanner = Scanner(bytes: Array(text.utf8), hasBackslashes: dialect == .spark)
        return scanner.problem()
    }

    private struct Scanner {
        let bytes: [UInt8]
        let hasBackslashes: Bool
        var at = 0
        var depth = 0

        mutating func problem() -> String? {
            guard bytes.contains(where: { $0 > 32 }) else { return "it is empty" }
            while at < bytes.count {
                let byte = bytes[at]
                switch byte {
                case 0: return "it holds NUL"
                case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
                    guard skipQuoted(byte) else { return "a quote is not closed" }
                case UInt8(ascii: "$"):
                    // It may open a quote of its own kind, unless it is inside a name; conditions do not need it.
                    if at == 0 || !isWord(bytes[at - 1]) { return "dollar quotes are not taken" }
                    while at < bytes.count, isWord(bytes[at]) || bytes[at] == UInt8(ascii: "$") { at += 1 }
                case UInt8(ascii: "-") where next == byte: skipLine()
                case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
                    guard skipComment() else { return "a comment is not closed" }
                case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                    depth += 1
                    at += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                    depth -= 1
                    if depth < 0 { return "a parenthesis is closed that was not opened" }
                    at += 1
                case UInt8(ascii: ";"): return "it holds a semicolon"
                default: at += 1
                }
            }
            return depth == 0 ? nil : "a parenthesis is not closed"
        }

        private var next: UInt8? { at + 1 < bytes.count ? bytes[at + 1] : nil }

        private mutating func skipQuoted(_ quote: UInt8) -> Bool {
            // After E a string takes backslashes; reading them always would end plain strings late.
            let isEscaped =
                hasBackslashes
                || (quote == UInt8(ascii: "'") && at > 0 && (bytes[at - 1] | 32) == UInt8(ascii: "e")
                    && (at < 2 || !isWord(bytes[at - 2])))
            at += 1
            while at < bytes.count {
                if isEscaped, bytes[at] == UInt8(ascii: "\\") {
                    at += 2
                } else if bytes[at] == quote {
                    at += 1
                    guard at < bytes.count, bytes[at] == quote else { return true }
                    at += 1
                } else {
                    at += 1
                }
            }
            return false
        }

        private func isWord(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || byte >= 128 || (48...57).contains(byte) || (97...122).contains(byte | 32)
        }

        private mutating func skipLine() {
            while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
        }

        /// Comments nest in DuckDB as in PostgreSQL, but not in all engines: a nested one is refused as not closed.
        private mutating func skipComment() -> Bool {
            at += 2
            while at + 1 < bytes.count {
                if bytes[at] == UInt8(ascii: "/"), next == UInt8(ascii: "*") { return false }
                if bytes[at] == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
                    at += 2
                    return true
                }
                at += 1
            }
            return false
        }
    }
}

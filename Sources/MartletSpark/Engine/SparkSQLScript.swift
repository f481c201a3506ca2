import MartletCore

/// The statements of a script of Spark SQL.
///
/// They end at semicolons outside of texts, names and comments, as in the spark-sql shell. A script that begins with
/// BEGIN is one compound statement, as SQL scripting of Spark 4 has it, and stays whole.
package struct SparkSQLScript: Hashable, Sendable {
    /// One statement.
    package struct Statement: Hashable, Sendable {
        /// Its text, without the semicolon.
        package var text: String
        /// The line of the script on which it starts; 1 for the first.
        package var line: Int
    }

    /// The statements in their order.
    package let statements: [Statement]

    /// The statements of `script`; those that are only comments are left out.
    package init(_ script: String) {
        var found: [Statement] = []
        var scanner = SparkSQLScanner()
        var text: [UInt8] = []
        var line = 1
        /// Where the statement's first word is; nil before it.
        var start: Int?
        var isCompound = false
        func isMeaningful(_ byte: UInt8) -> Bool {
            byte > 32 && byte != UInt8(ascii: "-") && byte != UInt8(ascii: "/")
        }
        func close() {
            if let first = start {
                let whole = String(decoding: text, as: UTF8.self)
                found.append(Statement(text: whole.trimmingBlanks(), line: first))
            }
            text = []
            start = nil
        }
        for byte in script.utf8 {
            if !isCompound, scanner.isPlain, byte == UInt8(ascii: ";") {
                scanner.read(byte)
                close()
                continue
            }
            scanner.read(byte)
            // What stands before the first word, comments too, is no part of the statement's place.
            if start == nil, !scanner.isComment, isMeaningful(byte) {
                start = line
                text = []
            }
            text.append(byte)
            if byte == 10 { line += 1 }
            if text.count == 6, found.isEmpty, start != nil, byte <= 32 || byte == UInt8(ascii: ";") {
                isCompound = String(decoding: text.prefix(5), as: UTF8.self).uppercased() == "BEGIN"
            }
        }
        close()
        statements = found
    }
}

extension String {
    /// Without blanks at both ends.
    fileprivate func trimmingBlanks() -> String {
        let bytes = Array(utf8)
        guard let first = bytes.firstIndex(where: { $0 > 32 }), let last = bytes.lastIndex(where: { $0 > 32 }) else {
            return ""
        }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}

package import MartletCore

extension SparkTemplateParameter {
    /// `value` in the form in which it is written into files.
    ///
    /// - Throws: ``MartletError`` MT7042 when it is not of the parameter's kind.
    package func checked(_ value: String) throws(MartletError) -> String {
        guard value.utf8.count <= Limits.sparkTemplateValueBytes, let written = kind.written(value) else {
            var remedy = kind.remedy
            if case .choice(let choices) = kind, let near = NearestName.of(value, among: choices) {
                remedy = "did you mean \(near)?"
            }
            throw MartletError(
                .sparkTemplateValueInvalid,
                "\(name): \"\(value.prefix(Limits.sparkTemplateValueShown))\" is no \(kind.name)",
                remedy: remedy
            )
        }
        return written
    }
}

extension SparkTemplateParameter.Kind {
    /// The value as it is written; nil when it is not of this kind.
    func written(_ value: String) -> String? {
        switch self {
        case .column: return Self.isName(value) ? value : nil
        case .columns:
            let names = value.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
            let isList = names.allSatisfy(Self.isName) && Set(names.map { $0.lowercased() }).count == names.count
            return isList ? names.joined(separator: ",") : nil
        case .path, .place: return Self.isPlace(value) ? value : nil
        case .integer(let range):
            guard Self.isNumber(value, point: false), let number = Int(value), range.contains(number) else {
                return nil
            }
            return String(number)
        case .number(let range):
            guard Self.isNumber(value, point: true), let number = Double(value), range.contains(number) else {
                return nil
            }
            return value
        case .duration:
            guard let unit = value.utf8.last, "smhdw".utf8.contains(unit), value.utf8.count <= 10 else { return nil }
            let digits = value.dropLast()
            return !digits.isEmpty && digits.utf8.allSatisfy(Self.isDigit) ? value : nil
        case .timestamp: return Self.isTimestamp(value) ? value : nil
        case .timezone:
            let isZone = value.utf8.allSatisfy { Self.isWord($0) || "/+-:".utf8.contains($0) }
            return !value.isEmpty && isZone ? value : nil
        case .choice(let choices): return choices.contains(value) ? value : nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == 95 || (byte | 32 >= 97 && byte | 32 <= 122)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !isDigit(first) else { return false }
        return text.utf8.allSatisfy(isWord)
    }

    private static func isPlace(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 32 && scalar.properties.generalCategory != .control
                    && !"\"'`\\{}$#".unicodeScalars.contains(scalar)
                    && scalar.properties.generalCategory != .lineSeparator
                    && scalar.properties.generalCategory != .paragraphSeparator
            }
    }

    /// Digits, with at most one sign before and one point among them: what Python and SQL read as Swift does.
    private static func isNumber(_ text: String, point: Bool) -> Bool {
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let hasOneSign = text.count - text.drop { $0 == "-" }.count <= 1
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
        // A leading zero is an error in Python.
        let isShort = parts.first.map { $0 == "0" || !$0.hasPrefix("0") } ?? false
        return hasOneSign && isPlain && isShort && parts.count <= (point ? 2 : 1)
    }

    private static func isTimestamp(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let form = Array("0000-00-00 00:00:00".utf8)
        guard bytes.count == 10 || bytes.count == form.count else { return false }
        for (byte, place) in zip(bytes, form) where isDigit(place) ? !isDigit(byte) : byte != place { return false }
        func number(_ start: Int, _ length: Int) -> Int {
            bytes[start..<start + length].reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2))
        guard year >= 1, (1...12).contains(month) else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        guard (1...days).contains(day) else { return false }
        return bytes.count == 10 || (number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60)
    }
}

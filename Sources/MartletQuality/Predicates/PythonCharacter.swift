/// How Python sorts characters.
extension Unicode.Scalar {
    /// Whether `str.isalpha` says so.
    var isPythonLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// Whether `str.isdigit` says so, which also takes raised digits.
    var isPythonDigit: Bool {
        switch properties.numericType {
        case .decimal, .digit: true
        default: false
        }
    }

    /// The value of a decimal digit of any script; nil for all else.
    var decimalDigit: Int? {
        guard properties.numericType == .decimal, let value = properties.numericValue else { return nil }
        return Int(value)
    }

    /// Whether `str.isspace` says so.
    var isPythonSpace: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }

    /// The character with which all are equal that differ only in case.
    var folded: Unicode.Scalar {
        if value < 0x80 {
            return (0x41...0x5A).contains(value) ? Unicode.Scalar(UInt8(value + 32)) : self
        }
        let upper = properties.uppercaseMapping.unicodeScalars
        let single = upper.count == 1 ? upper[upper.startIndex] : self
        let lower = single.properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower[lower.startIndex] : single
    }
}

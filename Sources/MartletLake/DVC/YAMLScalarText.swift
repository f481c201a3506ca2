/// A scalar to be written: its characters, and the ways that they may be written in.
struct YAMLScalarText {
    /// The ways to write one.
    enum Style { case plain, single, double }

    let scalars: [Unicode.Scalar]
    /// Whether it holds a line break.
    private(set) var isMultiline = false
    private var allowsPlain = true
    private var allowsSingle = true
    private let isText: Bool

    /// The characters of a scalar value.
    init(_ value: DVCValue) {
        let text = Self.text(of: value)
        scalars = Array(text.unicodeScalars)
        if case .text = value { isText = true } else { isText = false }
        // A text that reads back as something else needs quotes.
        if isText, YAMLTag.of(text) != .text { allowsPlain = false }
        analyze()
    }

    /// The way ruamel.yaml writes it, in block context.
    func style(isKey: Bool) -> Style {
        if allowsPlain, !(isKey && (scalars.isEmpty || isMultiline)) { return .plain }
        if scalars.contains("'") || scalars.contains("\n") { return .double }
        return allowsSingle && !(isKey && isMultiline) ? .single : .double
    }

    private static func text(of value: DVCValue) -> String {
        switch value {
        case .null: ""
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .bigInteger(let text), .timestamp(let text), .text(let text): text
        case .number(let value):
            value.isNaN ? ".nan" : value.isInfinite ? (value < 0 ? "-.inf" : ".inf") : PythonNumber.text(of: value)
        case .list: "[]"
        case .map: "{}"
        }
    }

    /// Whether text has several lines that stand as they are behind `|-`.
    static func fitsLiteral(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, text.contains("\n"), !text.hasSuffix("\n") else { return false }
        return first != " " && first != "\n"
            && text.unicodeScalars.allSatisfy { $0 == "\n" || !isBreak($0) && !isSpecial($0) }
    }

    static func isBreak(_ scalar: Unicode.Scalar) -> Bool { ["\n", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) }

    private static func isSpaceOrBreak(_ scalar: Unicode.Scalar) -> Bool {
        isBreak(scalar) || [" ", "\t", "\r", "\0"].contains(scalar)
    }

    /// Whether only double quotes can hold it.
    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0a, 0x20...0x7e, 0x85, 0xa0...0xfefe, 0xff00...0xfffd, 0x10000...: false
        default: true
        }
    }

    private mutating func analyze() {
        guard let first = scalars.first, let last = scalars.last else { return }
        var needsQuotes = scalars.starts(with: "---".unicodeScalars) || scalars.starts(with: "...".unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let endsWord = index + 1 == scalars.count || Self.isSpaceOrBreak(scalars[index + 1])
            if index == 0 {
                if "#,[]{}&*!|>'\"%@`".unicodeScalars.contains(scalar) { needsQuotes = true }
                if ["?", ":", "-"].contains(scalar), endsWord { needsQuotes = true }
            } else {
                if scalar == ":", endsWord { needsQuotes = true }
                if scalar == "#", Self.isSpaceOrBreak(scalars[index - 1]) { needsQuotes = true }
                let previous = scalars[index - 1]
                if scalar == " ", Self.isBreak(previous) { allowsSingle = false }
                if Self.isBreak(scalar), previous == " " { allowsSingle = false }
            }
            if Self.isBreak(scalar) { isMultiline = true }
            if Self.isSpecial(scalar) { (needsQuotes, allowsSingle) = (true, false) }
        }
        if first == " " || last == " " || isMultiline { needsQuotes = true }
        if needsQuotes { allowsPlain = false }
    }
}

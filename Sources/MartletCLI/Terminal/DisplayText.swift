/// Text from outside made fit for a terminal.
enum DisplayText {
    /// `text` without characters that a terminal would obey; line breaks and tabs stay.
    static func lines(_ text: String) -> String { replacing(text) { $0 == "\n" || $0 == "\t" } }

    /// `text` as one line without characters that a terminal would obey.
    static func line(_ text: String) -> String { replacing(text) { _ in false } }

    private static func replacing(_ text: String, except isKept: (Unicode.Scalar) -> Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            result.append(isControl && !isKept(scalar) ? (scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}") : scalar)
        }
        return String(result)
    }
}

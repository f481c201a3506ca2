/// A single value as it is written; what it means depends on what its key wants.
///
/// YAML 1.1 reads `on` as true, `012` as ten and `10:30` as 630. Here nothing is read so: a key that wants text gets
/// what is written, and a key that wants a number or a truth value takes only the forms of YAML 1.2's core schema.
struct YAMLScalar: Sendable {
    /// The ways to write one.
    enum Style: Sendable { case plain, single, double, literal, folded }

    var text: String
    var style: Style

    /// Whether it is written without quotes, so that it may be a number.
    var isPlain: Bool { style == .plain }

    /// Whether it stands for "no value".
    var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// The truth value, in the forms of YAML 1.2.
    var bool: Bool? {
        guard isPlain else { return nil }
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return nil
        }
    }

    /// The whole number; nil for one with a leading zero, which YAML 1.1 and 1.2 read differently.
    var integer: Int? { isPlain && !hasLeadingZero ? Int(text) : nil }

    /// The number; infinities and NaN are none.
    var number: Double? {
        guard isPlain, !hasLeadingZero, looksNumeric, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// Whether it is written like `012`.
    var hasLeadingZero: Bool {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        return digits.count > 1 && digits.first == UInt8(ascii: "0") && digits.allSatisfy { (48...57).contains($0) }
    }

    private var looksNumeric: Bool {
        text.utf8.allSatisfy { (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0) }
    }

    var kindName: String {
        if isNull { return "nothing" }
        if bool != nil { return "the boolean \(text)" }
        if integer != nil || number != nil { return "the number \(text)" }
        let line = text.prefix { !$0.isNewline }
        return line.count > 40 || line.count < text.count
            ? "the text \"\(line.prefix(40))...\"" : "the text \"\(text)\""
    }
}

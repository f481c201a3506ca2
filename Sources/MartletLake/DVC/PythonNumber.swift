/// Writes numbers as Python's `repr` does: the fewest digits that read back the same, with an exponent below 1e-4 and
/// from 1e16 on.
enum PythonNumber {
    /// The text of a finite number.
    static func text(of value: Double) -> String {
        if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
        // Swift finds the same digits but places the exponent elsewhere.
        var (digits, point) = ("", 0)
        let parts = value.magnitude.description.lowercased().split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        digits = String(mantissa[0]) + (mantissa.count > 1 ? String(mantissa[1]) : "")
        point = mantissa[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        let leading = digits.prefix { $0 == "0" }.count
        digits.removeFirst(leading)
        point -= leading
        while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }

        var text: String
        if point > 16 || point < -3 {
            let exponent = point - 1
            let magnitude = String(exponent.magnitude)
            text = String(digits.prefix(1)) + (digits.count > 1 ? "." + digits.dropFirst() : "")
            text += "e" + (exponent < 0 ? "-" : "+") + (magnitude.count < 2 ? "0" : "") + magnitude
        } else if point <= 0 {
            text = "0." + String(repeating: "0", count: -point) + digits
        } else if digits.count <= point {
            text = digits + String(repeating: "0", count: point - digits.count) + ".0"
        } else {
            text = digits.prefix(point) + "." + digits.dropFirst(point)
        }
        return (value < 0 ? "-" : "") + text
    }
}

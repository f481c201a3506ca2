import Foundation
import MartletCore

/// The ways in which a secret can stand in output: as it is, and as programs quote and encode it.
enum SecretForms {
    /// Shortest base64 text from the middle of a longer one that is looked for; shorter ones stand in words by chance.
    private static let base64Characters = 8
    /// The bytes that stand on a line of base64: 57 as `base64` and MIME write it, 48 as PEM does.
    private static let base64Lines = [57, 48]

    /// Every form of `secret`, and of each of its lines; empty for one that is too short to mask.
    static func all(of secret: String) -> Set<[UInt8]> {
        var forms: Set<[UInt8]> = []
        for piece in pieces(of: secret) { add(piece, to: &forms) }
        return forms
    }

    /// The secret, the same without the white space around it, and its lines.
    ///
    /// A line of signs alone, such as `---` or `}`, is no secret.
    static func pieces(of secret: String) -> Set<String> {
        let trimmed = secret.trimmingCharacters(in: .whitespacesAndNewlines)
        guard trimmed.unicodeScalars.count >= Limits.maskedCharacters else {
            return secret.unicodeScalars.count >= Limits.maskedCharacters && !trimmed.isEmpty ? [secret] : []
        }
        var pieces: Set<String> = [secret, trimmed]
        let lines = trimmed.split(whereSeparator: \.isNewline)
        guard lines.count > 1 else { return pieces }
        for line in lines {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.unicodeScalars.count >= Limits.maskedCharacters,
                text.contains(where: { $0.isLetter || $0.isNumber })
            {
                pieces.insert(text)
            }
        }
        return pieces
    }

    private static func add(_ text: String, to forms: inout Set<[UInt8]>) {
        let bytes = Array(text.utf8)
        forms.insert(bytes)
        for form in quoted(text) + urlEncoded(bytes) { forms.insert(Array(form.utf8)) }
        for digits in ["0123456789abcdef", "0123456789ABCDEF"].map({ Array($0.utf8) }) {
            forms.insert(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        }
        for form in base64(bytes) + base64(bytes + [10]) {
            forms.insert(form)
            // The alphabet for URLs: RFC 4648, section 5.
            forms.insert(
                form.map {
                    $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
                }
            )
        }
    }

    // MARK: - Quoting

    private static func quoted(_ text: String) -> [String] {
        let control = ["\n": "\\n", "\r": "\\r", "\t": "\\t"] as [Unicode.Scalar: String]
        let json = control.merging(["\"": "\\\"", "\\": "\\\\", "\u{8}": "\\b", "\u{c}": "\\f"]) { $1 }
        let python = control.merging(["\\": "\\\\"]) { $1 }
        let slash: [Unicode.Scalar: String] = ["/": "\\/"]
        let html: [Unicode.Scalar: String] = ["<": "\\u003c", ">": "\\u003e", "&": "\\u0026"]
        let shell = " !\"$&'()*,;<>?[\\]^`{|}~#".unicodeScalars.map { ($0, "\\\($0)") }
        return [
            // JSON (RFC 8259) as its writers differ: non-ASCII characters and slashes escaped or not.
            replacing(json, in: text), replacing(json, in: text, nonASCII: true),
            replacing(json.merging(slash) { $1 }, in: text),
            replacing(json.merging(slash) { $1 }, in: text, nonASCII: true),
            replacing(json.merging(html) { $1 }, in: text),
            replacing(json.merging(html) { $1 }, in: text, nonASCII: true),
            // Texts of Python and $'...' of shells.
            replacing(python, in: text), replacing(python.merging(["'": "\\'"]) { $1 }, in: text),
            // Quotes of POSIX shells: 'it'\''s', 'it'"'"'s', "\$HOME", it\'s.
            replacing(["'": "'\\''"], in: text), replacing(["'": "'\"'\"'"], in: text),
            replacing(["\\": "\\\\", "\"": "\\\"", "$": "\\$", "`": "\\`"], in: text),
            replacing(Dictionary(shell) { first, _ in first }, in: text),
            // Doubled quotes of SQL and CSV; HTML.
            replacing(["'": "''"], in: text), replacing(["\"": "\"\""], in: text),
            replacing(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#x27;"], in: text),
            replacing(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&#34;", "'": "&#39;"], in: text),
        ]
    }

    private static func replacing(
        _ replacements: [Unicode.Scalar: String],
        in text: String,
        nonASCII: Bool = false
    ) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if let replacement = replacements[scalar] {
                result += replacement
            } else if nonASCII && !scalar.isASCII {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    // MARK: - URLs

    private static func urlEncoded(_ bytes: [UInt8]) -> [String] {
        // What encoders leave as it is: RFC 3986, paths, JavaScript's encodeURIComponent, and forms.
        ["-._~", "-._~/", "-._~!*'()", "*-._"].flatMap { safe -> [String] in
            ["0123456789ABCDEF", "0123456789abcdef"].flatMap { digits -> [String] in
                let encoded = percentEncoded(bytes, Array(safe.utf8), Array(digits.utf8))
                return [encoded, encoded.replacing("%20", with: "+")]
            }
        }
    }

    private static func percentEncoded(_ bytes: [UInt8], _ safe: [UInt8], _ digits: [UInt8]) -> String {
        let encoded = bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                [byte]
            default: safe.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    // MARK: - Base64

    /// The secret in base64 (RFC 4648): alone, within a longer text, and broken into lines.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        let alone = encode(bytes)
        var forms = [alone, Array(alone.prefix { $0 != UInt8(ascii: "=") })]
        // In a longer text a character depends on its neighbours; those that depend on the secret alone are looked
        // for, for each of the three places it can begin at.
        for before in 0..<3 {
            let shifted = encode([UInt8](repeating: 0, count: before) + bytes)
            let first = (before * 8 + 5) / 6
            let last = (before + bytes.count) * 8 / 6
            if last - first >= base64Characters { forms.append(Array(shifted[first..<last])) }
        }
        for length in base64Lines where bytes.count > length {
            for start in stride(from: 0, to: bytes.count, by: length) {
                let line = encode(Array(bytes[start..<min(bytes.count, start + length)]))
                if line.count >= base64Characters { forms.append(line) }
            }
        }
        return forms
    }

    private static func encode(_ bytes: [UInt8]) -> [UInt8] { Array(Data(bytes).base64EncodedData()) }
}

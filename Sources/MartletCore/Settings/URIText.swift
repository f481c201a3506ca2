/// The lexical side of URIs (RFC 3986): pieces and percent-encoding.
enum URIText {
    /// The scheme before `://` and what follows; nil when the text does not begin with one.
    static func leadingScheme(of text: String) -> (scheme: String, rest: String)? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, NameRules.isLetter(first) else { return nil }
        // Types of connections may have a `_`, which a scheme may not.
        let end = bytes.firstIndex { byte in
            !(NameRules.isLetter(byte) || NameRules.isDigit(byte) || "+-._".utf8.contains(byte))
        }
        guard let end, bytes[end...].starts(with: "://".utf8) else { return nil }
        return (
            String(decoding: bytes[..<end], as: UTF8.self), String(decoding: bytes[(end + 3)...], as: UTF8.self)
        )
    }

    /// What stands before the first `mark` and after it; nil after it when there is none.
    ///
    /// All of it is about bytes: to a Swift `Character` an `@` with a combining accent is none.
    static func split(_ text: Substring, at mark: Unicode.Scalar) -> (Substring, Substring?) {
        guard let index = text.utf8.firstIndex(of: UInt8(ascii: mark)) else { return (text, nil) }
        return (text[..<index], text[text.utf8.index(after: index)...])
    }

    /// What stands before the last `mark` and after it; nil before it when there is none.
    static func split(_ text: Substring, atLast mark: Unicode.Scalar) -> (Substring?, Substring) {
        guard let index = text.utf8.lastIndex(of: UInt8(ascii: mark)) else { return (nil, text) }
        return (text[..<index], text[text.utf8.index(after: index)...])
    }

    /// The parts of `host:port` or `[address]:port`; nil when the port is no number.
    static func hostAndPort(_ text: Substring) -> (host: Substring, port: Int?)? {
        var host = text
        var port: Substring = ""
        if text.utf8.first == UInt8(ascii: "["), case (let address, let after?) = split(text.dropFirst(), at: "]") {
            guard after.isEmpty || after.utf8.first == UInt8(ascii: ":") else { return nil }
            (host, port) = (address, after.dropFirst())
        } else if case (let before?, let after) = split(text, atLast: ":") {
            (host, port) = (before, after)
        }
        if port.isEmpty { return (host, nil) }
        guard port.utf8.allSatisfy(NameRules.isDigit), let number = Int(port) else { return nil }
        return (host, number)
    }

    /// `text` with everything but letters, digits and `-._~` percent-encoded.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            let isPlain = NameRules.isLetter(byte) || NameRules.isDigit(byte) || "-._~".utf8.contains(byte)
            return isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `text` with its percent-encoded bytes decoded; nil when the result is not UTF-8.
    ///
    /// A `%` without two digits stays as it is. In a query a `+` is a space.
    static func decode(_ text: Substring, inQuery: Bool = false) -> String? {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "%"), position + 2 < bytes.count, let high = digit(bytes[position + 1]),
                let low = digit(bytes[position + 2])
            {
                decoded.append(high << 4 | low)
                position += 3
            } else {
                decoded.append(inQuery && bytes[position] == UInt8(ascii: "+") ? 32 : bytes[position])
                position += 1
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
        default: nil
        }
    }
}

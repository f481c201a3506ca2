/// Names of files as Python has them: UTF-8, with bytes that are none as lone surrogates (PEP 383).
enum PythonText {
    /// The character that UTF-8 starts with, and how many bytes it takes; nil when it is not UTF-8.
    static func scalar(at bytes: some Collection<UInt8>) -> (scalar: Unicode.Scalar, length: Int)? {
        var head: [UInt8] = []
        head.reserveCapacity(4)
        for byte in bytes.prefix(4) {
            if !head.isEmpty, byte & 0xc0 != 0x80 { break }
            head.append(byte)
        }
        // A character never is the start of another, so at most one length fits.
        for length in stride(from: head.count, to: 0, by: -1) {
            guard let text = String(validating: head.prefix(length), as: UTF8.self) else { continue }
            guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else { return nil }
            return (scalar, length)
        }
        return nil
    }

    /// The code points by which Python sorts a name.
    static func codePoints(of bytes: [UInt8]) -> [UInt32] {
        var points: [UInt32] = []
        var rest = bytes[...]
        while let byte = rest.first {
            if byte < 0x80 {
                points.append(UInt32(byte))
                rest = rest.dropFirst()
            } else if let (scalar, length) = scalar(at: rest) {
                points.append(scalar.value)
                rest = rest.dropFirst(length)
            } else {
                points.append(0xdc00 + UInt32(byte))
                rest = rest.dropFirst()
            }
        }
        return points
    }

    /// Sorts names as Python sorts them: by bytes, unless one of them is no UTF-8.
    static func sort<Element>(_ elements: inout [Element], by name: (Element) -> [UInt8]) {
        if elements.allSatisfy({ String(validating: name($0), as: UTF8.self) != nil }) {
            elements.sort { name($0).lexicographicallyPrecedes(name($1)) }
        } else {
            elements.sort { codePoints(of: name($0)).lexicographicallyPrecedes(codePoints(of: name($1))) }
        }
    }
}

/// Characters that take the place of others while a text is parsed, so that the parser's positions stay right.
///
/// They come from Unicode's private use area, one column each; those that the text itself holds are not used.
struct StandIns {
    private var free: [Unicode.Scalar]
    private var originals: [Unicode.Scalar: Unicode.Scalar] = [:]

    /// Stand-ins that `bytes` does not hold.
    init(for bytes: [UInt8]) {
        // U+E000 to U+E03F are EE 80 80 to EE 80 BF.
        var used: Set<UInt8> = []
        for index in bytes.indices.dropLast(2) where bytes[index] == 0xEE && bytes[index + 1] == 0x80 {
            used.insert(bytes[index + 2])
        }
        free = (0x80...0xBF).filter { !used.contains(UInt8($0)) }.compactMap { Unicode.Scalar(0xE000 + $0 - 0x80) }
    }

    /// A new stand-in for `original`, or nil when all are taken.
    mutating func take(for original: Unicode.Scalar) -> Unicode.Scalar? {
        guard let standIn = free.popLast() else { return nil }
        originals[standIn] = original
        return standIn
    }

    /// What `scalar` stands for, or nil when it stands for itself.
    func original(of scalar: Unicode.Scalar) -> Unicode.Scalar? { originals[scalar] }

    /// `text` with the originals back in place.
    func restore(_ text: String) -> String {
        if originals.isEmpty || !text.utf8.contains(0xEE) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(originals[scalar] ?? scalar) }
        return String(result)
    }
}

import MartletCore

/// Reads the JSON of a directory object; keys besides `md5` and `relpath` are passed over.
struct DVCDirectoryReader {
    private let bytes: [UInt8]
    private let name: String
    private var place = 0

    init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    mutating func entries() throws(MartletError) -> [DVCDirectory.Entry] {
        var entries: [DVCDirectory.Entry] = []
        try expect(0x5b)
        if try next() == 0x5d { return entries }
        while true {
            entries.append(try entry())
            skipSpace()
            guard place < bytes.count else { throw invalid("it ends early") }
            place += 1
            if bytes[place - 1] == 0x5d { break }
            guard bytes[place - 1] == 0x2c else { throw invalid("a comma is missing") }
        }
        skipSpace()
        guard place == bytes.count else { throw invalid("something follows the list") }
        return entries
    }

    private mutating func entry() throws(MartletError) -> DVCDirectory.Entry {
        var (path, md5): ([UInt8]?, MD5Digest?)
        try expect(0x7b)
        while true {
            let key = try string()
            try expect(0x3a)
            if key.elementsEqual("relpath".utf8) {
                path = try string()
            } else if key.elementsEqual("md5".utf8) {
                md5 = MD5Digest(hex: String(decoding: try string(), as: UTF8.self))
            } else {
                try skipValue()
            }
            let byte = try next()
            place += 1
            if byte == 0x7d { break }
            guard byte == 0x2c else { throw invalid("a comma is missing") }
        }
        guard let path, let md5 else { throw invalid("an entry has no relpath or md5") }
        // A path that leads out of the directory would write elsewhere when it is checked out.
        _ = try LakePath(validating: path)
        return DVCDirectory.Entry(path: path, md5: md5)
    }

    private mutating func string() throws(MartletError) -> [UInt8] {
        try expect(0x22)
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0x22 { return text }
            guard byte == 0x5c else {
                text.append(byte)
                continue
            }
            guard place < bytes.count else { break }
            let escape = bytes[place]
            place += 1
            switch escape {
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "r"): text.append(0x0d)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0c)
            case UInt8(ascii: "u"): try unicode(into: &text)
            default: text.append(escape)
            }
        }
        throw invalid("a string does not end")
    }

    private mutating func unicode(into text: inout [UInt8]) throws(MartletError) {
        let first = try codeUnit()
        if first & 0xfc00 == 0xd800, bytes[place...].starts(with: [0x5c, 0x75]) {
            place += 2
            let second = try codeUnit()
            let value = 0x10000 + (first & 0x3ff) << 10 + (second & 0x3ff)
            guard second & 0xfc00 == 0xdc00, let scalar = Unicode.Scalar(value) else {
                throw invalid("half a character stands alone")
            }
            text += UTF8.encode(scalar) ?? .init()
        } else if (0xdc80...0xdcff).contains(first) {
            // Python's way to write a byte that is no UTF-8.
            text.append(UInt8(first - 0xdc00))
        } else if let scalar = Unicode.Scalar(first) {
            text += UTF8.encode(scalar) ?? .init()
        } else {
            throw invalid("half a character stands alone")
        }
    }

    private mutating func codeUnit() throws(MartletError) -> UInt32 {
        let digits = bytes[place...].prefix(4)
        guard digits.count == 4, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw invalid("\\u is not followed by four digits")
        }
        place += 4
        return value
    }

    private mutating func skipValue() throws(MartletError) {
        var depth = 0
        repeat {
            let byte = try next()
            if byte == 0x22 {
                _ = try string()
                continue
            }
            let closes = byte == 0x5d || byte == 0x7d
            if depth == 0, closes || byte == 0x2c { return }
            if closes { depth -= 1 }
            if byte == 0x5b || byte == 0x7b { depth += 1 }
            place += 1
        } while true
    }

    private mutating func skipSpace() {
        while place < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[place]) { place += 1 }
    }

    private mutating func next() throws(MartletError) -> UInt8 {
        skipSpace()
        guard place < bytes.count else { throw invalid("it ends early") }
        return bytes[place]
    }

    private mutating func expect(_ byte: UInt8) throws(MartletError) {
        guard try next() == byte else {
            throw invalid("\(Character(Unicode.Scalar(byte))) is expected at byte \(place)")
        }
        place += 1
    }

    private func invalid(_ reason: String) -> MartletError {
        MartletError(
            .dvcFileInvalid,
            "\(name) does not list a directory",
            reason: reason,
            remedy: "remove it from the cache and run `dvc fetch`"
        )
    }
}

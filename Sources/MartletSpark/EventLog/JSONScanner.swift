/// Walks over the bytes of one JSON value and hands out only what is asked for; nothing else is built or allocated.
///
/// What is passed over is not checked beyond its quotes and brackets: the purpose is to read a few values of many lines
/// quickly. After any mistake ``failed`` is set and nothing more is handed out; no input makes it trap.
struct JSONScanner {
    private let base: UnsafePointer<UInt8>
    private let count: Int
    /// Where the scanner is.
    private(set) var at = 0
    /// Whether the bytes are not JSON, or end too early.
    private(set) var failed = false

    init(_ bytes: UnsafeRawBufferPointer) {
        // An empty buffer has no address; its count keeps this one from being used.
        let bound = bytes.bindMemory(to: UInt8.self)
        base = bound.baseAddress ?? UnsafePointer(JSONScanner.nothing)
        count = bound.baseAddress == nil ? 0 : bytes.count
    }

    nonisolated(unsafe) private static let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

    /// The name of a member, as it is written between its quotes.
    struct Key {
        fileprivate let start: UnsafePointer<UInt8>
        fileprivate let count: Int

        /// Lets a `switch` compare with names.
        @inline(__always)
        static func ~= (name: StaticString, key: Key) -> Bool {
            guard key.count == name.utf8CodeUnitCount else { return false }
            let other = name.utf8Start
            var index = 0
            while index < key.count {
                if key.start[index] != other[index] { return false }
                index += 1
            }
            return true
        }

        /// The name as text.
        var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }
    }

    /// Sets ``failed`` from outside, for values that are JSON but not what they must be.
    mutating func fail() { failed = true }

    // MARK: - Values

    /// Visits each member of the object that begins here; a value that `visit` does not take is passed over.
    ///
    /// Does nothing but pass over a value that is not an object.
    @inline(__always)
    mutating func object(_ visit: (inout JSONScanner, Key) -> Void) {
        blanks()
        guard enter(0x7B) else { return skipValue() }
        if close(0x7D) { return }
        while !failed {
            blanks()
            guard at < count, base[at] == 0x22 else {
                failed = true
                return
            }
            let start = at + 1
            skipString()
            let key = Key(start: base + start, count: max(0, at - 1 - start))
            blanks()
            guard enter(0x3A) else {
                failed = true
                return
            }
            blanks()
            let before = at
            visit(&self, key)
            if at == before, !failed { skipValue() }
            if close(0x7D) { return }
            guard enter(0x2C) else {
                failed = true
                return
            }
        }
    }

    /// Visits each element of the array that begins here; an element that `visit` does not take is passed over.
    @inline(__always)
    mutating func array(_ visit: (inout JSONScanner) -> Void) {
        blanks()
        guard enter(0x5B) else { return skipValue() }
        if close(0x5D) { return }
        while !failed {
            blanks()
            let before = at
            visit(&self)
            if at == before, !failed { skipValue() }
            if close(0x5D) { return }
            guard enter(0x2C) else {
                failed = true
                return
            }
        }
    }

    /// The whole number that begins here, also one between quotes or with a fraction, which is cut; nil for anything else,
    /// which is passed over.
    mutating func integer() -> Int? {
        blanks()
        guard !failed, at < count else {
            failed = true
            return nil
        }
        let isQuoted = base[at] == 0x22
        if isQuoted { at += 1 }
        let isNegative = at < count && base[at] == 0x2D
        let start = at + (isNegative ? 1 : 0)
        var index = start
        var value = 0
        var isTooLarge = false
        while index < count, base[index] &- 0x30 < 10 {
            let (times, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, more) = times.addingReportingOverflow(Int(base[index] &- 0x30))
            isTooLarge = isTooLarge || over || more
            value = sum
            index += 1
        }
        if index == start || isTooLarge {
            if isQuoted { at -= 1 }
            skipValue()
            return nil
        }
        at = index
        if isQuoted {
            guard at < count, base[at] == 0x22 else {
                // A string that only begins with digits.
                skipRestOfString()
                return nil
            }
            at += 1
        } else {
            // A fraction or exponent is of no use to us.
            while at < count, !Self.endsValue(base[at]) { at += 1 }
        }
        return isNegative ? -value : value
    }

    /// `true` or `false`; nil for anything else, which is passed over.
    mutating func bool() -> Bool? {
        blanks()
        let isTrue = at < count && base[at] == 0x74
        let isFalse = at < count && base[at] == 0x66
        skipValue()
        return isTrue ? true : isFalse ? false : nil
    }

    /// The string that begins here, at most so many bytes of it; nil for anything else, which is passed over.
    mutating func string(limit: Int = .max) -> String? {
        blanks()
        guard !failed, at < count, base[at] == 0x22 else {
            skipValue()
            return nil
        }
        let start = at + 1
        skipString()
        guard !failed else { return nil }
        let raw = UnsafeBufferPointer(start: base + start, count: at - 1 - start)
        guard raw.contains(0x5C) else {
            let text = String(decoding: raw.prefix(limit), as: UTF8.self)
            return text
        }
        return JSONScanner.unescaped(raw, limit: limit)
    }

    /// Whether the string that begins here is this one; the string is passed over.
    mutating func isString(_ text: StaticString) -> Bool {
        blanks()
        guard !failed, at < count, base[at] == 0x22 else {
            skipValue()
            return false
        }
        let start = at + 1
        skipString()
        return !failed && text ~= Key(start: base + start, count: max(0, at - 1 - start))
    }

    /// Whether nothing but blanks follows.
    mutating func isAtEnd() -> Bool {
        blanks()
        return at >= count
    }

    // MARK: - Passing over

    /// Passes over the value that begins here.
    mutating func skipValue() {
        blanks()
        guard !failed, at < count else {
            failed = true
            return
        }
        switch base[at] {
        case 0x22: skipString()
        case 0x7B, 0x5B: skipContainer()
        default:
            let start = at
            while at < count, !Self.endsValue(base[at]) { at += 1 }
            if at == start { failed = true }
        }
    }

    private mutating func skipContainer() {
        var depth = 0
        var index = at
        while index < count {
            let byte = base[index]
            index += 1
            switch byte {
            case 0x22:
                // Most strings are short and without escapes.
                while index < count, base[index] != 0x22 {
                    index += base[index] == 0x5C ? 2 : 1
                }
                index += 1
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                depth -= 1
                if depth == 0 {
                    at = index
                    return
                }
            default: break
            }
        }
        at = count
        failed = true
    }

    private mutating func skipString() {
        at += 1
        skipRestOfString()
    }

    private mutating func skipRestOfString() {
        var index = at
        while index < count, base[index] != 0x22 {
            index += base[index] == 0x5C ? 2 : 1
        }
        if index < count {
            at = index + 1
        } else {
            at = count
            failed = true
        }
    }

    @inline(__always)
    private mutating func blanks() {
        while at < count, base[at] == 0x20 || base[at] == 0x09 || base[at] == 0x0D || base[at] == 0x0A { at += 1 }
    }

    @inline(__always)
    private mutating func enter(_ byte: UInt8) -> Bool {
        guard !failed, at < count, base[at] == byte else { return false }
        at += 1
        return true
    }

    @inline(__always)
    private mutating func close(_ byte: UInt8) -> Bool {
        blanks()
        return failed || enter(byte)
    }

    @inline(__always)
    private static func endsValue(_ byte: UInt8) -> Bool {
        byte == 0x2C || byte == 0x7D || byte == 0x5D || byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
            || byte == 0x22 || byte == 0x3A || byte == 0x7B || byte == 0x5B
    }

    /// Resolves escapes (RFC 8259, section 7); halves of pairs that stand alone become replacement characters.
    private static func unescaped(_ raw: UnsafeBufferPointer<UInt8>, limit: Int) -> String {
        var bytes: [UInt8] = []
        var units: [UInt16] = []
        var index = 0
        while index < raw.count, bytes.count < limit {
            guard raw[index] == 0x5C, index + 1 < raw.count else {
                if !units.isEmpty { flush(&units, into: &bytes) }
                bytes.append(raw[index])
                index += 1
                continue
            }
            let escape = raw[index + 1]
            if escape == 0x75, index + 5 < raw.count,
                let unit = UInt16(String(decoding: raw[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
            {
                units.append(unit)
                index += 6
                continue
            }
            if !units.isEmpty { flush(&units, into: &bytes) }
            switch escape {
            case 0x6E: bytes.append(0x0A)
            case 0x74: bytes.append(0x09)
            case 0x72: bytes.append(0x0D)
            case 0x62: bytes.append(0x08)
            case 0x66: bytes.append(0x0C)
            default: bytes.append(escape)
            }
            index += 2
        }
        flush(&units, into: &bytes)
        return String(decoding: bytes.prefix(limit), as: UTF8.self)
    }

    private static func flush(_ units: inout [UInt16], into bytes: inout [UInt8]) {
        guard !units.isEmpty else { return }
        bytes.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
        units.removeAll()
    }
}

import MartletCore

/// Reads one flat JSON object (RFC 8259) straight into typed values, without allocating for members that are not asked
/// for.
struct JSONRecordReader {
    /// A value as it is needed by its column.
    enum Cell: Hashable, Sendable {
        case null
        case integer(Int64)
        case double(Double)
        case boolean(Bool)
        /// Bytes of the record that are the text as it is.
        case text(start: Int, end: Int)
        /// Bytes of the record with escapes in them.
        case escaped(start: Int, end: Int)
    }

    /// What is looked for.
    struct Layout: Hashable, Sendable {
        var fields: [StreamField]
        /// The names in UTF-8.
        var names: [[UInt8]]
        var timeUnit: StreamBatchBuilder.TimeUnit
    }

    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private func fault(_ reason: String, at offset: Int? = nil) -> RecordFault {
        RecordFault(reason: reason, offset: offset ?? at)
    }

    @inline(__always)
    private mutating func skipBlanks() {
        while at < bytes.count, bytes[at] == 32 || bytes[at] == 10 || bytes[at] == 13 || bytes[at] == 9 { at += 1 }
    }

    @inline(__always)
    private mutating func accept(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws(RecordFault) {
        if !accept(byte) { throw fault("\(what) is missing") }
    }

    /// Reads the object.
    mutating func read(_ layout: Layout, into cells: inout [Cell]) throws(RecordFault) {
        for index in cells.indices { cells[index] = .null }
        try expect(123, "the { of an object")
        var guess = 0
        if !accept(125) {
            repeat {
                try expect(34, "a member's name")
                let name = try string()
                try expect(58, "the : after a name")
                skipBlanks()
                if let index = field(name, layout.names, guess) {
                    guess = index + 1
                    cells[index] = try value(layout.fields[index], layout.timeUnit)
                } else {
                    try skipValue()
                }
            } while accept(44)
            try expect(125, "a , or the } of the object")
        }
        skipBlanks()
        if at < bytes.count { throw fault("something stands after the object") }
    }

    /// The column that a member is for; members mostly come in the order of the columns.
    private func field(_ name: Cell, _ names: [[UInt8]], _ guess: Int) -> Int? {
        switch name {
        case .text(let start, let end):
            let wanted = bytes[start..<end]
            if guess < names.count, wanted.count == names[guess].count, wanted.elementsEqual(names[guess]) {
                return guess
            }
            return names.firstIndex { $0.count == wanted.count && wanted.elementsEqual($0) }
        case .escaped(let start, let end):
            let wanted = Self.unescaped(bytes[start..<end])
            return names.firstIndex(of: wanted)
        default: return nil
        }
    }

    /// The text after an opening quote, checked but not copied.
    private mutating func string() throws(RecordFault) -> Cell {
        let start = at
        var isEscaped = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 34 {
                at += 1
                return isEscaped ? .escaped(start: start, end: at - 1) : .text(start: start, end: at - 1)
            }
            if byte < 32 { throw fault("a control character stands in a text") }
            if byte == 92 {
                isEscaped = true
                at += 1
                guard at < bytes.count, "\"\\/bfnrtu".utf8.contains(bytes[at]) else {
                    throw fault("an escape is broken")
                }
                if bytes[at] == 117 {
                    guard at + 4 < bytes.count, (1...4).allSatisfy({ Self.hex(bytes[at + $0]) != nil }) else {
                        throw fault("an escape is broken")
                    }
                    at += 4
                }
            }
            at += 1
        }
        throw fault("a text is never closed", at: start)
    }

    private static func hex(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 48...57: UInt32(byte - 48)
        case 65...70: UInt32(byte - 55)
        case 97...102: UInt32(byte - 87)
        default: nil
        }
    }

    /// The text that checked bytes with escapes stand for.
    static func unescaped(_ bytes: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        var text = [UInt8]()
        var rest = bytes[...]
        func unit(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt32 { digits.reduce(0) { $0 << 4 | (hex($1) ?? 0) } }
        while let byte = rest.popFirst() {
            guard byte == 92, let escape = rest.popFirst() else {
                text.append(byte)
                continue
            }
            switch escape {
            case 98: text.append(8)
            case 102: text.append(12)
            case 110: text.append(10)
            case 114: text.append(13)
            case 116: text.append(9)
            case 117:
                var code = unit(rest.prefix(4))
                rest = rest.dropFirst(4)
                if (0xD800..<0xDC00).contains(code), rest.starts(with: [92, 117]) {
                    let low = unit(rest.dropFirst(2).prefix(4))
                    if (0xDC00..<0xE000).contains(low) {
                        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                        rest = rest.dropFirst(6)
                    }
                }
                // Half of a pair stands for nothing.
                text.append(contentsOf: String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
            default: text.append(escape)
            }
        }
        return text
    }

    private mutating func accept(word: StaticString) -> Bool {
        let wanted = UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes.count - at >= wanted.count, bytes[at..<at + wanted.count].elementsEqual(wanted) else {
            return false
        }
        at += wanted.count
        return true
    }

    private mutating func value(_ field: StreamField, _ unit: StreamBatchBuilder.TimeUnit) throws(RecordFault) -> Cell {
        let start = at
        guard at < bytes.count else { throw fault("a value is missing") }
        switch (bytes[at], field.type) {
        case (110, _) where accept(word: "null"): return .null
        case (116, .boolean) where accept(word: "true"): return .boolean(true)
        case (102, .boolean) where accept(word: "false"): return .boolean(false)
        case (34, .text):
            at += 1
            return try string()
        case (34, .timestamp):
            at += 1
            guard case .text(let first, let end) = try string(), let time = InstantText.time(bytes[first..<end]) else {
                throw fault("\(field.name) is not an instant", at: start)
            }
            return .integer(time)
        case (45, _) where field.type.isNumber || field.type == .timestamp,
            (48...57, _) where field.type.isNumber || field.type == .timestamp:
            let number = try JSONNumber(bytes, &at)
            switch field.type {
            case .double: return .double(number.double)
            case .integer:
                guard let whole = number.integer else { throw fault("\(field.name) is not a whole number", at: start) }
                return .integer(whole)
            default:
                guard let time = number.scaled(by: unit.rawValue) else {
                    throw fault("\(field.name) is out of range", at: start)
                }
                return .integer(time)
            }
        default: throw fault("\(field.name) is not of type \(field.type.rawValue)")
        }
    }

    /// Passes over a value that is not asked for.
    private mutating func skipValue() throws(RecordFault) {
        var depth = 0
        repeat {
            skipBlanks()
            guard at < bytes.count else { throw fault("a value is missing") }
            switch bytes[at] {
            case 34:
                at += 1
                _ = try string()
            case 123, 91:
                depth += 1
                at += 1
                guard depth <= Limits.nestingDepth else { throw fault("it is nested too deeply") }
            case 125 where depth > 0, 93 where depth > 0:
                depth -= 1
                at += 1
            case 44, 58:
                guard depth > 0 else { throw fault("a value is missing") }
                at += 1
            case 45, 48...57: _ = try JSONNumber(bytes, &at)
            default:
                if !accept(word: "true"), !accept(word: "false"), !accept(word: "null") {
                    throw fault("this is no value")
                }
            }
        } while depth > 0
    }
}

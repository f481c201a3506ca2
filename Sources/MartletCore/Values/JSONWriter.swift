/// Writes a value as compact JSON with sorted keys, byte for byte as Foundation's encoder would.
///
/// That one makes an object of each part of a value first and writes these in the end; here the text is written at once,
/// in a fraction of the time, and the members of an object are put in order when it is complete.
final class JSONWriter: Encoder {
    /// An object or array that is being written, or a place for a value of which nothing is known yet.
    private struct Frame {
        enum Kind { case unknown, single, array, object }

        var kind = Kind.unknown
        /// Where its text begins.
        let start: Int
        /// Where its members begin in the list of all.
        let members: Int
        /// Elements or members so far.
        var count = 0
    }

    /// A member of an object; its text begins with the brace or comma before it, and ends where the next one begins.
    private struct Member {
        let key: String
        var start: Int
    }

    private var bytes: [UInt8] = []
    private var frames: [Frame]
    private var members: [Member] = []
    /// Containers that somebody may still write to, and where their texts belong.
    private var nested: [(place: Int, writer: JSONWriter)] = []

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private init() { frames = [Frame(start: 0, members: 0)] }

    /// `value` as one line of JSON.
    static func bytes(of value: some Encodable) throws -> [UInt8] {
        let writer = JSONWriter()
        try value.encode(to: writer)
        return writer.finished()
    }

    private func finished() -> [UInt8] {
        close()
        return bytes
    }

    // MARK: - Containers

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        frames[frames.count - 1].kind = .object
        return KeyedEncodingContainer(JSONObjectWriter(writer: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        frames[frames.count - 1].kind = .array
        return JSONArrayWriter(writer: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { JSONSingleWriter(writer: self) }

    /// Elements or members of what is being written.
    var count: Int { frames[frames.count - 1].count }

    /// Begins the next member of an object.
    func begin(_ key: String) {
        members.append(Member(key: key, start: bytes.count))
        separate(UInt8(ascii: "{"))
        write(key)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Begins the next element of an array.
    func beginElement() { separate(UInt8(ascii: "[")) }

    private func separate(_ opening: UInt8) {
        bytes.append(count == 0 ? opening : UInt8(ascii: ","))
        frames[frames.count - 1].count += 1
    }

    /// Keeps a place here for a container that is written to in its own time.
    func nest() -> JSONWriter {
        let writer = JSONWriter()
        nested.append((bytes.count, writer))
        return writer
    }

    /// Writes a value of any kind in the place that has been begun.
    func write(nested value: some Encodable) throws {
        frames.append(Frame(start: bytes.count, members: members.count))
        try value.encode(to: self)
        close()
    }

    // MARK: - The end of a value

    private func close() {
        let frame = frames.removeLast()
        splice(from: frame)
        switch frame.kind {
        case .single:
            break
        case .array:
            bytes += frame.count == 0 ? Array("[]".utf8) : [UInt8(ascii: "]")]
        case .object, .unknown:
            if frame.count == 0 { bytes.append(UInt8(ascii: "{")) } else { sort(frame) }
            bytes.append(UInt8(ascii: "}"))
        }
        members.removeSubrange(frame.members...)
    }

    /// Puts the texts of nested containers where they belong.
    private func splice(from frame: Frame) {
        while let (place, writer) = nested.last, place >= frame.start {
            nested.removeLast()
            let text = writer.finished()
            bytes.insert(contentsOf: text, at: place)
            for index in members.indices where members[index].start >= place { members[index].start += text.count }
        }
    }

    /// Puts the members of an object in the order of their keys; of several with one key the last counts.
    private func sort(_ frame: Frame) {
        let range = frame.members..<members.count
        let isSorted = range.dropFirst().allSatisfy { members[$0 - 1].key.precedes(members[$0].key) }
        if isSorted { return }
        let unsorted = Array(bytes[frame.start...])
        let order = range.sorted { left, right in
            let (first, second) = (members[left].key, members[right].key)
            // The standard library's sort keeps equal ones in order, but does not promise to.
            return first == second ? left < right : first.precedes(second)
        }
        bytes.removeSubrange(frame.start...)
        for (place, index) in order.enumerated() {
            if place + 1 < order.count, members[order[place + 1]].key == members[index].key { continue }
            bytes.append(bytes.count == frame.start ? UInt8(ascii: "{") : UInt8(ascii: ","))
            let end = index + 1 < members.count ? members[index + 1].start : frame.start + unsorted.count
            bytes += unsorted[(members[index].start + 1 - frame.start)..<(end - frame.start)]
        }
    }
}

// MARK: - Single values

extension JSONWriter {
    /// Says that the value which is being written has no parts.
    func single() { frames[frames.count - 1].kind = .single }

    func writeNull() { bytes += "null".utf8 }

    func write(_ value: Bool) { bytes += (value ? "true" : "false").utf8 }

    func write(_ value: some FixedWidthInteger) { bytes += String(value).utf8 }

    func write(_ value: some BinaryFloatingPoint & CustomStringConvertible) {
        guard value.isFinite else { return write(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity") }
        let text = value.description
        bytes += text.hasSuffix(".0") ? text.utf8.dropLast(2) : text.utf8[...]
    }

    func write(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { text in
            var plain = 0
            for (index, byte) in text.enumerated() {
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                bytes += text[plain..<index]
                escape(byte)
                plain = index + 1
            }
            bytes += text[plain...]
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes += #"\""#.utf8
        case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
        case 0x08: bytes += #"\b"#.utf8
        case 0x09: bytes += #"\t"#.utf8
        case 0x0a: bytes += #"\n"#.utf8
        case 0x0c: bytes += #"\f"#.utf8
        case 0x0d: bytes += #"\r"#.utf8
        default: bytes += ((byte < 0x10 ? #"\u000"# : #"\u00"#) + String(byte, radix: 16)).utf8
        }
    }
}

extension String {
    /// By bytes: the order of strings themselves takes characters for equal that are written in two ways.
    fileprivate func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

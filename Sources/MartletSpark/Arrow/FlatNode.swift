/// A part of a FlatBuffer that is to be written.
///
/// Parts stand behind the ones that refer to them, so that all references go forward, as the format wants it.
indirect enum FlatNode {
    /// A table: fields by their vtable slots (4, 6, ...).
    case table([Int: FlatField])
    case tables([FlatNode])
    case text(String)
    /// A vector of structs of 8-byte numbers, each of so many numbers.
    case structs([Int64], numbersEach: Int)

    /// A FlatBuffer of which this is the root, padded to 8 bytes.
    func buffer() -> [UInt8] {
        var writer = FlatWriter()
        writer.bytes = [UInt8](repeating: 0, count: 4)
        writer.refer(at: 0, to: self)
        writer.pad(to: 8)
        return writer.bytes
    }
}

/// A field of a table.
enum FlatField {
    case byte(UInt8)
    case short(Int16)
    case int(Int32)
    case long(Int64)
    case reference(FlatNode)

    static func flag(_ value: Bool) -> FlatField { .byte(value ? 1 : 0) }

    fileprivate var size: Int {
        switch self {
        case .byte: 1
        case .short: 2
        case .int, .reference: 4
        case .long: 8
        }
    }
}

private struct FlatWriter {
    var bytes: [UInt8] = []

    mutating func pad(to alignment: Int) {
        while bytes.count % alignment != 0 { bytes.append(0) }
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    /// Writes `node` at the end, and its distance at `place`.
    mutating func refer(at place: Int, to node: FlatNode) {
        let target = write(node)
        let distance = UInt32(target - place).littleEndian
        withUnsafeBytes(of: distance) { for (index, byte) in $0.enumerated() { bytes[place + index] = byte } }
    }

    /// Writes a part, and returns where it begins.
    private mutating func write(_ node: FlatNode) -> Int {
        switch node {
        case .table(let fields): return table(fields)
        case .tables(let nodes):
            pad(to: 4)
            let start = bytes.count
            append(UInt32(nodes.count))
            let places = bytes.count
            bytes += [UInt8](repeating: 0, count: 4 * nodes.count)
            for (index, node) in nodes.enumerated() { refer(at: places + 4 * index, to: node) }
            return start
        case .text(let text):
            pad(to: 4)
            let start = bytes.count
            append(UInt32(text.utf8.count))
            bytes += text.utf8
            bytes.append(0)
            return start
        case .structs(let numbers, let each):
            // The numbers, and not their count, stand at a multiple of 8.
            pad(to: 4)
            if bytes.count % 8 == 0 { append(UInt32(0)) }
            let start = bytes.count
            append(UInt32(numbers.count / each))
            for number in numbers { append(number) }
            return start
        }
    }

    private mutating func table(_ fields: [Int: FlatField]) -> Int {
        // The large ones first, so that few bytes are lost between them.
        let ordered = fields.sorted { ($1.value.size, $0.key) < ($0.value.size, $1.key) }
        var offset = 4
        var places = [Int: Int]()
        for (slot, field) in ordered {
            offset = (offset + field.size - 1) / field.size * field.size
            places[slot] = offset
            offset += field.size
        }
        let vtableSize = (fields.keys.max() ?? 2) + 2
        while (bytes.count + vtableSize) % 8 != 0 { bytes.append(0) }
        append(UInt16(vtableSize))
        append(UInt16(offset))
        for slot in stride(from: 4, to: vtableSize, by: 2) { append(UInt16(places[slot] ?? 0)) }
        let start = bytes.count
        append(Int32(vtableSize))
        for (slot, field) in ordered {
            while bytes.count < start + (places[slot] ?? 0) { bytes.append(0) }
            switch field {
            case .byte(let value): append(value)
            case .short(let value): append(value)
            case .int(let value): append(value)
            case .long(let value): append(value)
            case .reference: append(UInt32(0))
            }
        }
        for (slot, field) in ordered {
            guard case .reference(let node) = field else { continue }
            refer(at: start + (places[slot] ?? 0), to: node)
        }
        return start
    }
}

import CDuckDB
import MartletCore

/// The values of one column in one piece of a result.
///
/// It points into the piece and must not outlive it.
struct DuckDBVector {
    private let library: DuckDBLibrary
    let type: DuckDBType
    private let data: UnsafeMutableRawPointer?
    /// A bit for each value, set where it is not null; nil when none is.
    private let validity: UnsafeMutablePointer<UInt64>?
    /// The vectors of a list's elements, of a map's entries, or of a structure's members.
    private let parts: [DuckDBVector]

    init(_ vector: duckdb_vector?, type: DuckDBType, _ library: DuckDBLibrary) {
        let api = library.api
        self.library = library
        self.type = type
        data = api.vector_get_data(vector)
        validity = api.vector_get_validity(vector)
        parts =
            switch type {
            case .list(let element): [DuckDBVector(api.list_vector_get_child(vector), type: element, library)]
            case .map(let key, let value):
                [
                    DuckDBVector(
                        api.list_vector_get_child(vector),
                        type: .structure([.init(name: "key", type: key), .init(name: "value", type: value)]),
                        library
                    )
                ]
            case .array(let element, _): [DuckDBVector(api.array_vector_get_child(vector), type: element, library)]
            case .structure(let members):
                members.enumerated().map { index, member in
                    let child = api.struct_vector_get_child(vector, duckdb_idx(index))
                    return DuckDBVector(child, type: member.type, library)
                }
            default: []
            }
    }

    /// The value at `row`, from 0.
    func value(at row: Int) -> SQLValue {
        if let validity, validity[row / 64] & (1 << UInt64(row % 64)) == 0 { return .null }
        switch type {
        case .null, .other: return .null
        case .structure(let members):
            return .structure(
                members.indices.map { index in
                    SQLValue.Member(name: members[index].name, value: parts[index].value(at: row))
                }
            )
        case .array(_, let count): return .list((0..<count).map { parts[0].value(at: row * count + $0) })
        case .list, .map:
            let entry = cell(row, duckdb_list_entry.self)
            let start = Int(entry?.offset ?? 0)
            return .list((start..<start + Int(entry?.length ?? 0)).map { parts[0].value(at: $0) })
        case .varchar, .alias: return .text(bytes(row) { String(decoding: $0, as: UTF8.self) } ?? "")
        case .blob: return .bytes(bytes(row) { Array($0) } ?? [])
        case .bit: return .other(bytes(row, EngineText.bits) ?? "")
        default: return scalar(at: row) ?? .null
        }
    }

    /// A value of a fixed size.
    private func scalar(at row: Int) -> SQLValue? {
        switch type {
        case .boolean: cell(row, UInt8.self).map { .boolean($0 != 0) }
        case .integer(let bits, let isSigned): whole(row, bits: bits, isSigned: isSigned)
        case .float: cell(row, Float.self).map { .double(Double($0)) }
        case .double: cell(row, Double.self).map(SQLValue.double)
        case .decimal(_, let scale, let bits):
            signed(row, bits: bits).map { .decimal(EngineText.decimal($0, scale: scale)) }
        case .date: cell(row, Int32.self).map { EngineText.infinity($0).map(SQLValue.other) ?? .date($0) }
        case .time: cell(row, Int64.self).map(SQLValue.time)
        case .timeNanoseconds: cell(row, Int64.self).map(EngineText.time(nanoseconds:))
        case .timeWithZone: cell(row, UInt64.self).map { .other(EngineText.timeWithZone($0)) }
        case .timestamp(let unit): cell(row, Int64.self).map { EngineText.timestamp($0, unit) }
        case .timestampWithZone:
            cell(row, Int64.self).map { EngineText.infinity($0).map(SQLValue.other) ?? .timestamp($0, hasZone: true) }
        case .interval:
            cell(row, duckdb_interval.self).map {
                .other(EngineText.interval(months: $0.months, days: $0.days, microseconds: $0.micros))
            }
        case .uuid: signed(row, bits: 128).map { .other(EngineText.uuid($0)) }
        case .enumeration(let words, let bits):
            unsigned(row, bits: bits).flatMap { words.indices.contains(Int($0)) ? .text(words[Int($0)]) : nil }
        default: nil
        }
    }

    private func whole(_ row: Int, bits: Int, isSigned: Bool) -> SQLValue? {
        if isSigned {
            signed(row, bits: bits).map { Int64(exactly: $0).map(SQLValue.integer) ?? .wideInteger("\($0)") }
        } else {
            unsigned(row, bits: bits).map { Int64(exactly: $0).map(SQLValue.integer) ?? .wideInteger("\($0)") }
        }
    }

    private func signed(_ row: Int, bits: Int) -> Int128? {
        switch bits {
        case 8: cell(row, Int8.self).map { Int128($0) }
        case 16: cell(row, Int16.self).map { Int128($0) }
        case 32: cell(row, Int32.self).map { Int128($0) }
        case 64: cell(row, Int64.self).map { Int128($0) }
        // The lower half comes first, on every machine that DuckDB runs on.
        default: data.map { $0.loadUnaligned(fromByteOffset: row * 16, as: Int128.self) }
        }
    }

    private func unsigned(_ row: Int, bits: Int) -> UInt128? {
        switch bits {
        case 8: cell(row, UInt8.self).map { UInt128($0) }
        case 16: cell(row, UInt16.self).map { UInt128($0) }
        case 32: cell(row, UInt32.self).map { UInt128($0) }
        case 64: cell(row, UInt64.self).map { UInt128($0) }
        default: data.map { $0.loadUnaligned(fromByteOffset: row * 16, as: UInt128.self) }
        }
    }

    private func cell<Value: BitwiseCopyable>(_ row: Int, _: Value.Type) -> Value? {
        data.map { $0.loadUnaligned(fromByteOffset: row * MemoryLayout<Value>.stride, as: Value.self) }
    }

    /// Reads the bytes of a text or blob while they are there: a short one lives inside the cell itself.
    private func bytes<Value>(_ row: Int, _ read: (UnsafeRawBufferPointer) -> Value) -> Value? {
        guard let cell = data?.assumingMemoryBound(to: duckdb_string.self).advanced(by: row),
            let start = library.api.string_t_data(cell)
        else { return nil }
        return read(UnsafeRawBufferPointer(start: start, count: Int(library.api.string_t_length(cell.pointee))))
    }
}

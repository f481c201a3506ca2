/// What a batch's columns keep alive: the bytes received, and memory for what was decompressed or moved.
///
/// `@unchecked Sendable`: filled while a batch is decoded, by the one who decodes it, and never touched again.
final class ArrowStorage: @unchecked Sendable {
    private var kept: [AnyObject]

    init(_ owner: AnyObject) { kept = [owner] }

    func keep(_ memory: ArrowMemory) { kept.append(memory) }
}

/// A column of a batch, or a part of one: a view of the bytes received, which it keeps.
///
/// All that is in it was checked when the batch was read. Rows are counted from 0; what is asked of a row that the
/// column does not have is answered as for a null.
///
/// `@unchecked Sendable`: the memory that the pointers name is never written to, and lives as long as `storage`.
package struct ArrowColumn: @unchecked Sendable {
    /// Its name and type.
    package let field: ArrowField
    /// How many rows it has.
    package let length: Int
    /// How many of them are null.
    package let nullCount: Int
    /// The element of a list, the entries of a map (structures of key and value), the members of a structure.
    package internal(set) var children: [ArrowColumn] = []
    /// A bit for each row that is not null, lowest first; nil when none is null.
    var validity: UnsafePointer<UInt8>?
    /// Where each row begins in the data or the child, and one more: 32 or 64 bits each.
    var offsets = ArrowZeros.shared.bytes
    /// Values of one width, bits, or the bytes of texts.
    var data = UnsafeRawBufferPointer(rebasing: ArrowZeros.shared.bytes[..<0])
    /// What keeps the pointers valid.
    let storage: ArrowStorage

    init(_ field: ArrowField, length: Int, nullCount: Int, storage: ArrowStorage) {
        self.field = field
        self.length = length
        self.nullCount = nullCount
        self.storage = storage
    }

    /// Its name.
    package var name: String { field.name }
    /// Its type.
    package var type: ArrowType { field.type }

    /// Whether the row is null.
    package func isNull(_ row: Int) -> Bool {
        guard row >= 0, row < length else { return true }
        guard let validity else { return nullCount == length }
        return validity[row >> 3] & (1 << UInt8(truncatingIfNeeded: row & 7)) == 0
    }
}

/// Rows of one schema, in columns.
package struct ArrowBatch: Sendable {
    /// Names and types of the columns.
    package let schema: ArrowSchema
    /// How many rows every column has.
    package let rowCount: Int
    /// The columns, in the schema's order.
    package let columns: [ArrowColumn]
}

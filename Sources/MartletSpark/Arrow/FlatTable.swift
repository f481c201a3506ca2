import MartletCore

/// A table in a FlatBuffer, of which every load is checked against the bytes.
///
/// Format: https://flatbuffers.dev/internals/. A table starts with an i32, how far before it its vtable is; the vtable
/// has a u16 for its size, one for the table's, and one for the place of each field in the table, 0 for none.
struct FlatTable {
    private let bytes: UnsafeRawBufferPointer
    private let position: Int
    private let vtable: Int
    private let vtableSize: Int

    /// The root table of a FlatBuffer.
    init(rootOf bytes: UnsafeRawBufferPointer) throws(MartletError) {
        let root = Int(try Self.load(bytes, 0, as: UInt32.self))
        try self.init(bytes, at: root)
    }

    private init(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(MartletError) {
        self.bytes = bytes
        self.position = position
        vtable = position - Int(try Self.load(bytes, position, as: Int32.self))
        vtableSize = Int(try Self.load(bytes, vtable, as: UInt16.self))
        guard vtableSize >= 4, vtable <= bytes.count - vtableSize else { throw Self.outOfBounds }
    }

    private static var outOfBounds: MartletError { ArrowFailure.malformed("its metadata points out of its bounds") }

    @inline(__always)
    private static func load<Value: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer,
        _ offset: Int,
        as type: Value.Type
    ) throws(MartletError) -> Value {
        guard offset >= 0, offset <= bytes.count - MemoryLayout<Value>.size else { throw outOfBounds }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// Where the field in vtable slot `slot` (4, 6, ...) is; nil when it is absent.
    private func place(_ slot: Int) throws(MartletError) -> Int? {
        guard slot <= vtableSize - 2 else { return nil }
        let offset = Int(try Self.load(bytes, vtable + slot, as: UInt16.self))
        return offset == 0 ? nil : position + offset
    }

    /// Follows the u32 at `place`.
    private func target(_ place: Int) throws(MartletError) -> Int {
        place + Int(try Self.load(bytes, place, as: UInt32.self))
    }

    /// A number, or `fallback` when it is absent.
    func number<Value: FixedWidthInteger & BitwiseCopyable>(
        _ slot: Int,
        or fallback: Value
    ) throws(MartletError) -> Value {
        guard let place = try place(slot) else { return fallback }
        return try Self.load(bytes, place, as: Value.self)
    }

    /// A truth value, false when it is absent.
    func flag(_ slot: Int) throws(MartletError) -> Bool { try number(slot, or: UInt8(0)) != 0 }

    /// A table; nil when it is absent.
    func table(_ slot: Int) throws(MartletError) -> FlatTable? {
        guard let place = try place(slot) else { return nil }
        return try FlatTable(bytes, at: try target(place))
    }

    /// The bytes of a text; nil when it is absent.
    func text(_ slot: Int) throws(MartletError) -> UnsafeRawBufferPointer? {
        try vector(slot, elementSize: 1)
    }

    /// The tables of a vector of tables; none when it is absent.
    func tables(_ slot: Int) throws(MartletError) -> FlatTables {
        guard let elements = try vector(slot, elementSize: 4), let base = bytes.baseAddress,
            let start = elements.baseAddress
        else { return FlatTables(owner: self, start: 0, count: 0) }
        return FlatTables(owner: self, start: start - base, count: elements.count / 4)
    }

    /// The bytes of a vector of elements of `elementSize` bytes each; nil when it is absent.
    func vector(_ slot: Int, elementSize: Int) throws(MartletError) -> UnsafeRawBufferPointer? {
        guard let place = try place(slot) else { return nil }
        let start = try target(place)
        let count = Int(try Self.load(bytes, start, as: UInt32.self))
        // Both are below 2^32, so that nothing here overflows.
        guard count * elementSize <= bytes.count - start - 4 else { throw Self.outOfBounds }
        return UnsafeRawBufferPointer(rebasing: bytes[(start + 4)..<(start + 4 + count * elementSize)])
    }

    /// The table that the element of a vector at byte `place` points to.
    fileprivate func element(at place: Int) throws(MartletError) -> FlatTable {
        try FlatTable(bytes, at: try target(place))
    }
}

/// The tables of a vector.
struct FlatTables {
    fileprivate let owner: FlatTable
    fileprivate let start: Int
    let count: Int

    /// The table at `index`, which is below `count`.
    func table(_ index: Int) throws(MartletError) -> FlatTable { try owner.element(at: start + 4 * index) }
}

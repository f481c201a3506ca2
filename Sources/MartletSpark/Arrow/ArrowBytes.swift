package import Foundation

/// Bytes in memory, with the object that keeps them there.
///
/// `@unchecked Sendable`: nobody writes to the bytes once this value exists, which the initialisers demand, and `owner`
/// is only ever retained and released.
package struct ArrowBytes: @unchecked Sendable {
    /// The bytes; valid as long as `owner` lives.
    let buffer: UnsafeRawBufferPointer
    /// What keeps the bytes alive.
    let owner: AnyObject

    /// Bytes that `owner` keeps at their place and unchanged for as long as it lives.
    ///
    /// For a `ByteBuffer` both come from `withUnsafeReadableBytesWithStorageManagement`.
    package init(unsafe buffer: UnsafeRawBufferPointer, owner: AnyObject) {
        self.buffer = buffer
        self.owner = owner
    }

    /// The bytes of `data`, which are not copied.
    package init(_ data: Data) {
        // An NSData, unlike a Data, promises that its bytes stay where they are while it lives.
        let object = data as NSData
        self.init(unsafe: UnsafeRawBufferPointer(start: object.bytes, count: object.length), owner: object)
    }

    /// A copy of `bytes`: an array does not promise to keep its elements in place.
    package init(_ bytes: [UInt8]) {
        let memory = ArrowMemory(byteCount: bytes.count)
        bytes.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
        self.init(unsafe: UnsafeRawBufferPointer(memory.bytes), owner: memory)
    }

    /// How many bytes there are.
    package var count: Int { buffer.count }
}

/// Memory of our own, aligned as Arrow recommends, and freed with this object.
///
/// `@unchecked Sendable`: it is written by the one who makes it, before anybody else sees it.
final class ArrowMemory: @unchecked Sendable {
    /// The alignment that the Arrow format recommends, in bytes.
    static let alignment = 64
    let bytes: UnsafeMutableRawBufferPointer

    /// Memory for `byteCount` bytes, not initialised.
    init(byteCount: Int) {
        bytes = .allocate(byteCount: max(byteCount, 0), alignment: Self.alignment)
    }

    deinit { bytes.deallocate() }
}

/// Zeros that stand in for buffers that a writer may leave out, as the offsets of a column without rows.
///
/// `@unchecked Sendable`: never written after it is made, never freed.
struct ArrowZeros: @unchecked Sendable {
    static let shared = ArrowZeros()
    let bytes: UnsafeRawBufferPointer

    private init() {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: ArrowMemory.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        bytes = UnsafeRawBufferPointer(memory)
    }
}

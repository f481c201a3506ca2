package import CArrow
package import MartletCore

/// Owns what a `carrow_array` points to, and goes when that is released; the column's bytes stay as long.
private final class ArrayNode {
    private let storage: ArrowStorage?
    let buffers: UnsafeMutableBufferPointer<UnsafeRawPointer?>
    let children: UnsafeMutableBufferPointer<UnsafeMutablePointer<carrow_array>?>

    init(storage: ArrowStorage?, buffers pointers: [UnsafeRawPointer?], columns: [ArrowColumn]) {
        self.storage = storage
        buffers = .allocate(capacity: pointers.count)
        _ = buffers.initialize(from: pointers)
        children = .allocate(capacity: columns.count)
        for (index, column) in columns.enumerated() {
            let child = UnsafeMutablePointer<carrow_array>.allocate(capacity: 1)
            column.export(to: child)
            children.initializeElement(at: index, to: child)
        }
    }

    deinit {
        for case let child? in children {
            // One that was moved elsewhere has no release any more.
            child.pointee.release?(child)
            child.deallocate()
        }
        children.deallocate()
        buffers.deallocate()
    }

    /// Fills `target`, which then owns this object.
    func move(to target: UnsafeMutablePointer<carrow_array>, length: Int, nullCount: Int) {
        var array = carrow_array()
        array.length = Int64(length)
        array.null_count = Int64(nullCount)
        array.n_buffers = Int64(buffers.count)
        array.buffers = buffers.isEmpty ? nil : buffers.baseAddress
        array.n_children = Int64(children.count)
        array.children = children.isEmpty ? nil : children.baseAddress
        array.private_data = Unmanaged.passRetained(self).toOpaque()
        array.release = { target in
            guard let target, let data = target.pointee.private_data else { return }
            target.pointee.release = nil
            target.pointee.private_data = nil
            Unmanaged<ArrayNode>.fromOpaque(data).release()
        }
        target.initialize(to: array)
    }
}

extension ArrowBatch {
    /// Exports the batch by the C data interface, as a struct of its columns, without a copy of them.
    ///
    /// The bytes received stay in memory until the struct, and every part that was moved out of it, is released.
    ///
    /// - Parameter target: memory for the struct, which its owner has to release.
    package func export(to target: UnsafeMutablePointer<carrow_array>) {
        ArrayNode(storage: nil, buffers: [nil], columns: columns).move(to: target, length: rowCount, nullCount: 0)
    }
}

extension ArrowBatch {
    /// The batch for an engine that reads all batches by one schema and relies on texts being UTF-8, as DuckDB does.
    ///
    /// - Parameter schema: the schema that the engine was given. It reads the memory of the batch by that one, whatever
    ///   the batch itself holds, so that no other batch may reach it.
    /// - Returns: what exports the batch as ``export(to:)`` does.
    /// - Throws: `.arrowMalformed` when the batch has other columns; `.arrowTextInvalid` when a text is not UTF-8.
    package func handover(
        as schema: ArrowSchema
    ) throws(MartletError) -> @Sendable (UnsafeMutablePointer<carrow_array>) -> Void {
        try self.schema.check(against: schema)
        for column in columns { try column.checkText() }
        return { export(to: $0) }
    }
}

extension ArrowColumn {
    /// Exports the column by the C data interface.
    func export(to target: UnsafeMutablePointer<carrow_array>) {
        let bits = validity.map { UnsafeRawPointer($0) }
        let buffers: [UnsafeRawPointer?] =
            switch type {
            case .null: []
            case .utf8, .binary: [bits, offsets.baseAddress, data.baseAddress]
            case .list, .map: [bits, offsets.baseAddress]
            case .structure: [bits]
            default: [bits, data.baseAddress]
            }
        ArrayNode(storage: storage, buffers: buffers, columns: children)
            .move(to: target, length: length, nullCount: nullCount)
    }
}

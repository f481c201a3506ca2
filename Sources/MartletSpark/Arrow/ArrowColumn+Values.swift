package import MartletCore

/// Numbers that a column holds side by side.
package protocol ArrowNative: BitwiseCopyable {}
extension Int8: ArrowNative {}
extension Int16: ArrowNative {}
extension Int32: ArrowNative {}
extension Int64: ArrowNative {}
extension UInt8: ArrowNative {}
extension UInt16: ArrowNative {}
extension UInt32: ArrowNative {}
extension UInt64: ArrowNative {}
extension Float: ArrowNative {}
extension Double: ArrowNative {}

extension ArrowColumn {
    /// Hands the column's values to `body`, for loops that have to be quick; those of null rows mean nothing.
    ///
    /// Dates are `Int32`; timestamps, durations and times of 64 bits are `Int64`.
    ///
    /// - Parameters:
    ///   - type: what a value is.
    ///   - body: is given one value for each row; they may not be used after it has returned.
    /// - Returns: what `body` returns; nil when the column's values are of another type.
    /// - Throws: what `body` throws.
    package func withValues<Value: ArrowNative, Outcome, Failure: Error>(
        as type: Value.Type,
        _ body: (UnsafeBufferPointer<Value>) throws(Failure) -> Outcome
    ) throws(Failure) -> Outcome? {
        guard holds(type) else { return nil }
        // The buffer begins at a multiple of 8 and has room for all rows.
        let start = data.baseAddress?.assumingMemoryBound(to: type)
        let outcome = try body(UnsafeBufferPointer(start: start, count: start == nil ? 0 : length))
        withExtendedLifetime(storage) {}
        return outcome
    }

    private func holds<Value: ArrowNative>(_ wanted: Value.Type) -> Bool {
        switch type {
        case .integer(8, true): wanted == Int8.self
        case .integer(16, true): wanted == Int16.self
        case .integer(32, true), .date, .interval(.yearMonth), .time(.second), .time(.millisecond): wanted == Int32.self
        case .integer(64, true), .dateMilliseconds, .time, .timestamp, .duration: wanted == Int64.self
        case .integer(8, false): wanted == UInt8.self
        case .integer(16, false): wanted == UInt16.self
        case .integer(32, false): wanted == UInt32.self
        case .integer(64, false): wanted == UInt64.self
        case .float: wanted == Float.self
        case .double: wanted == Double.self
        default: false
        }
    }

    /// Hands the bytes of each text or binary to `body`, in order; nil for a null.
    ///
    /// The bytes may not be used after `body` has returned. For a column of another type it is not called.
    package func forEachBytes<Failure: Error>(
        _ body: (Int, UnsafeRawBufferPointer?) throws(Failure) -> Void
    ) throws(Failure) {
        guard isBytes else { return }
        for row in 0..<length {
            try body(row, isNull(row) ? nil : UnsafeRawBufferPointer(rebasing: data[range(row)]))
        }
        withExtendedLifetime(storage) {}
    }

    /// Hands the bytes of the text or binary in `row` to `body`, which may not keep them.
    ///
    /// - Returns: what `body` returns; nil for a null and a column of another type.
    package func withBytes<Outcome, Failure: Error>(
        at row: Int,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Outcome
    ) throws(Failure) -> Outcome? {
        guard isBytes, !isNull(row) else { return nil }
        let outcome = try body(UnsafeRawBufferPointer(rebasing: data[range(row)]))
        withExtendedLifetime(storage) {}
        return outcome
    }

    /// The text in `row`, with U+FFFD for what is not UTF-8; nil for a null and a column of another type.
    package func string(at row: Int) -> String? { withBytes(at: row) { String(decoding: $0, as: UTF8.self) } }

    /// The truth value in `row`; nil for a null and a column of another type.
    package func bool(at row: Int) -> Bool? {
        guard type == .boolean, !isNull(row) else { return nil }
        return data[row >> 3] & (1 << UInt8(truncatingIfNeeded: row & 7)) != 0
    }

    /// Where the elements of the list or map in `row` are in the first child; empty for a null and other columns.
    package func elements(at row: Int) -> Range<Int> {
        switch type {
        case .list, .map: isNull(row) ? 0..<0 : range(row)
        default: 0..<0
        }
    }

    private var isBytes: Bool {
        switch type {
        case .utf8, .binary: true
        default: false
        }
    }

    /// Whether offsets have 64 bits.
    var hasLargeOffsets: Bool {
        switch type {
        case .utf8(true), .binary(true), .list(_, true): true
        default: false
        }
    }

    /// What the offsets say of a row that the column has.
    private func range(_ row: Int) -> Range<Int> {
        if hasLargeOffsets {
            let start = offsets.loadUnaligned(fromByteOffset: row &* 8, as: Int64.self)
            let end = offsets.loadUnaligned(fromByteOffset: row &* 8 &+ 8, as: Int64.self)
            return Int(start)..<Int(end)
        }
        let start = offsets.loadUnaligned(fromByteOffset: row &* 4, as: Int32.self)
        let end = offsets.loadUnaligned(fromByteOffset: row &* 4 &+ 4, as: Int32.self)
        return Int(start)..<Int(end)
    }

    /// Makes sure that all texts of the column and its parts are UTF-8, which Spark does not.
    ///
    /// - Throws: `.arrowTextInvalid`, with the name of the column and the row of the first that is not.
    package func checkText() throws(MartletError) {
        for child in children { try child.checkText() }
        guard case .utf8 = type, length > 0 else { return }
        let all = UnsafeRawBufferPointer(rebasing: data[range(0).lowerBound..<range(length - 1).upperBound])
        if ArrowChecks.isASCII(all) { return }
        for row in 0..<length where !isNull(row) {
            guard ArrowChecks.isUTF8(UnsafeRawBufferPointer(rebasing: data[range(row)])) else {
                throw MartletError(
                    .arrowTextInvalid,
                    "a text in column \(name) is not UTF-8",
                    reason: "row \(row) of a batch, counted from 0",
                    remedy: "cast the column to binary in the query, or mend it with make_valid_utf8"
                )
            }
        }
    }
}

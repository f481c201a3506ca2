internal import GRPCNIOTransportHTTP2Posix

/// Bytes as they arrived, which copies of this value share.
package struct SparkBytes: Sendable {
    private enum Storage: Sendable {
        case array([UInt8])
        case message(GRPCNIOTransportBytes)
    }

    private let storage: Storage
    private let range: Range<Int>

    /// The bytes of an array.
    package init(_ bytes: [UInt8]) {
        storage = .array(bytes)
        range = 0..<bytes.count
    }

    /// A part of a message; the message is kept as long as this value.
    init(of message: GRPCNIOTransportBytes, in range: Range<Int>) {
        storage = .message(message)
        self.range = range.clamped(to: 0..<message.count)
    }

    /// How many bytes there are.
    package var count: Int { range.count }

    /// Calls `body` with the bytes, which are valid during the call only.
    ///
    /// Their address may be odd.
    package func withUnsafeBytes<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let outcome: Result<Value, Failure>
        switch storage {
        case .array(let bytes):
            outcome = bytes.withUnsafeBytes { all in
                SparkBytes.outcome(body, UnsafeRawBufferPointer(rebasing: all[range]))
            }
        case .message(let message):
            outcome = message.withUnsafeBytes { all in
                SparkBytes.outcome(body, UnsafeRawBufferPointer(rebasing: all[range]))
            }
        }
        return try outcome.get()
    }

    private static func outcome<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value,
        _ bytes: UnsafeRawBufferPointer
    ) -> Result<Value, Failure> {
        do throws(Failure) { return .success(try body(bytes)) } catch { return .failure(error) }
    }

    /// A copy of the bytes.
    package var array: [UInt8] {
        if case .array(let bytes) = storage, range.count == bytes.count { return bytes }
        return withUnsafeBytes { [UInt8]($0) }
    }
}

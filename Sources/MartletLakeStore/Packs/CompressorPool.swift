internal import MartletCore
internal import Synchronization

/// Compressors that wait to be used again: making one costs more than compressing a small file.
enum CompressorPool {
    private static let idle = Mutex<[Compressor]>([])

    /// Calls `body` with a compressor that nobody else uses meanwhile.
    static func with<T, E: Error>(_ body: (Compressor) throws(E) -> T) throws(E) -> T {
        let compressor = idle.withLock { $0.popLast() } ?? Compressor()
        defer { idle.withLock { if $0.count < Limits.lakeThreads { $0.append(compressor) } } }
        return try body(compressor)
    }
}

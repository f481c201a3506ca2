internal import CCodecs
internal import CZstd
internal import Foundation
internal import MartletCore

/// The plain bytes of one file of an event log, from its beginning to its end or to where it breaks off.
class EventLogInput {
    /// How a file ended.
    enum End: Equatable {
        case whole
        /// Within a compressed frame or block: the application is running, or was killed.
        case truncated
        /// What is at this offset of the compressed file is not what the codec writes.
        case corrupt(at: Int)
    }

    private let descriptor: Int32
    /// Bytes of the file that were read.
    private(set) var position = 0
    /// How the file ended; known after ``read(into:)`` has given 0.
    var end = End.whole

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Opens a file and finds out its codec, by its name or else by its first bytes.
    ///
    /// - Throws: `MT7030` when it cannot be opened, `MT7031` when its codec is not supported.
    static func open(_ path: String) throws(MartletError) -> EventLogInput {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw MartletError(
                .sparkLogMissing,
                "the event log \(path) cannot be opened",
                cause: String(cString: strerror(errno))
            )
        }
        var first: [UInt8] = Array(repeating: 0, count: 16)
        let count = pread(descriptor, &first, first.count, 0)
        let magic = EventLogCodec(magic: first.prefix(max(0, count)))
        let codec = magic == .none ? EventLogCodec(fileName: path) ?? .none : magic
        switch codec {
        case .none: return EventLogInput(descriptor: descriptor)
        case .zstd: return ZstdEventInput(descriptor: descriptor)
        case .lz4: return LZ4EventInput(descriptor: descriptor)
        case .snappy: return SnappyEventInput(descriptor: descriptor)
        case .lzf:
            close(descriptor)
            throw MartletError(
                .sparkLogCodecUnsupported,
                "the event log \(path) is compressed with \(codec.rawValue), which is not read",
                remedy: "set spark.eventLog.compression.codec to zstd, lz4 or snappy"
            )
        }
    }

    /// Puts plain bytes into `target`.
    ///
    /// - Returns: how many, at least one; 0 at the end, when ``end`` says how the file ended.
    func read(into target: UnsafeMutableRawBufferPointer) -> Int { readFile(into: target) }

    /// Reads bytes of the file itself; 0 at its end or when it cannot be read.
    final func readFile(into target: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = Foundation.read(descriptor, target.baseAddress, target.count)
            if count < 0 {
                if errno == EINTR { continue }
                end = .corrupt(at: position)
                return 0
            }
            position += count
            return count
        }
    }

    /// Reads so many bytes of the file, or those that are left.
    final func readFile(_ count: Int, into bytes: inout [UInt8]) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        var filled = 0
        // Grown step by step: a length in a corrupt file must not allocate what is not there.
        while filled < count {
            let step = min(count - filled, Limits.sparkEventReadBytes)
            bytes.append(contentsOf: repeatElement(0, count: step))
            let got = bytes.withUnsafeMutableBytes { all in
                readFile(into: UnsafeMutableRawBufferPointer(rebasing: all[filled..<(filled + step)]))
            }
            filled += got
            if got == 0 { break }
            if got < step { bytes.removeLast(step - got) }
        }
        if bytes.count > filled { bytes.removeLast(bytes.count - filled) }
        return filled == count
    }
}

/// A log in zstd: many frames one after another, as Spark ends one with every flush.
final class ZstdEventInput: EventLogInput {
    private let context = ZSTD_createDCtx()
    private let compressed = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    private var filled = 0
    private var taken = 0
    private var left = 0

    deinit {
        ZSTD_freeDCtx(context)
        compressed.deallocate()
    }

    override func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        guard let context else {
            end = .corrupt(at: position)
            return 0
        }
        while true {
            if taken == filled {
                filled = readFile(into: compressed)
                taken = 0
            }
            // Without new input there may still be output that did not fit before.
            var input = ZSTD_inBuffer(src: compressed.baseAddress, size: filled, pos: taken)
            if filled == 0, left == 0 { return 0 }
            var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
            let result = ZSTD_decompressStream(context, &output, &input)
            guard ZSTD_isError(result) == 0 else {
                end = .corrupt(at: position - filled + taken)
                left = 0
                filled = 0
                taken = 0
                return 0
            }
            taken = input.pos
            left = result
            if output.pos > 0 { return output.pos }
            if filled == 0 {
                if end == .whole { end = .truncated }
                left = 0
                return 0
            }
        }
    }
}

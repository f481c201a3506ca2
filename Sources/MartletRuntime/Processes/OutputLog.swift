import Glibc
import MartletCore

/// An attempt's log: the bytes its processes printed, as they came.
///
/// Keeps the first ``Limits/logHeadBytes`` and, of a longer output, the last ``Limits/logTailBytes``, so that a step
/// that prints without end fills neither the disk nor the memory.
struct OutputLog: ~Copyable {
    private let file: OwnedDescriptor
    private var written = 0
    private var omitted = 0
    private var tail: [UInt8] = []
    private var tailStart = 0
    /// The first error met in writing; the output is read on so that the step does not block.
    private(set) var failure: Int32 = 0

    /// Opens `path` for appending; nil, with `errno` set, when that fails.
    init?(path: String) {
        guard let file = OwnedDescriptor(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)) else { return nil }
        self.file = file
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let head = min(bytes.count, max(0, Limits.logHeadBytes - written))
        if head > 0 {
            note(file.write(UnsafeRawBufferPointer(rebasing: bytes[..<head])))
            written += head
        }
        for byte in bytes[head...].suffix(Limits.logTailBytes) { remember(byte) }
        omitted += bytes.count - head
    }

    mutating func append(line: String) {
        var text = line + "\n"
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    private mutating func remember(_ byte: UInt8) {
        if tail.count < Limits.logTailBytes {
            tail.append(byte)
        } else {
            tail[tailStart] = byte
            tailStart = (tailStart + 1) % Limits.logTailBytes
        }
    }

    /// Writes the kept tail, with a line that says how much is missing before it.
    mutating func finish() {
        guard omitted > 0 else { return }
        if omitted > tail.count {
            var text = "\n[martlet: \(omitted - tail.count) bytes left out here; a log keeps the first \(Limits.logHeadBytes >> 20) MiB and the last \(Limits.logTailBytes >> 20)]\n"
            text.withUTF8 { note(file.write(UnsafeRawBufferPointer($0))) }
        }
        let ordered = tail[tailStart...] + tail[..<tailStart]
        Array(ordered).withUnsafeBytes { note(file.write($0)) }
    }

    private mutating func note(_ error: Int32) { if failure == 0 { failure = error } }
}

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
    /// The last bytes of what is omitted; grows to twice the limit before it is cut, so that a byte is moved once.
    private var tail: [UInt8] = []
    /// The first error met in writing; the output is read on so that the step does not block.
    private(set) var failure: Int32 = 0

    /// Opens `path` for appending; nil, with `errno` set, when that fails.
    init?(path: String) {
        guard let file = OwnedDescriptor(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)) else {
            return nil
        }
        self.file = file
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let head = min(bytes.count, max(0, Limits.logHeadBytes - written))
        if head > 0 {
            note(file.write(UnsafeRawBufferPointer(rebasing: bytes[..<head])))
            written += head
        }
        if head == bytes.count { return }
        omitted += bytes.count - head
        tail.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[head...]))
        if tail.count >= 2 * Limits.logTailBytes { tail.removeFirst(tail.count - Limits.logTailBytes) }
    }

    mutating func append(line: String) {
        var text = line + "\n"
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Writes the kept tail, with a line that says how much is missing before it.
    mutating func finish() {
        guard omitted > 0 else { return }
        if tail.count > Limits.logTailBytes { tail.removeFirst(tail.count - Limits.logTailBytes) }
        if omitted > tail.count {
            let kept = "the first \(Limits.logHeadBytes >> 20) MiB and the last \(Limits.logTailBytes >> 20)"
            var text = "\n[martlet: \(omitted - tail.count) bytes left out here; a log keeps \(kept)]\n"
            text.withUTF8 { note(file.write(UnsafeRawBufferPointer($0))) }
        }
        tail.withUnsafeBytes { note(file.write($0)) }
    }

    private mutating func note(_ error: Int32) { if failure == 0 { failure = error } }
}

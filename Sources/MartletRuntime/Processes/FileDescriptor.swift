import CLinux
import Glibc

/// An open descriptor that closes itself.
struct OwnedDescriptor: ~Copyable {
    let raw: Int32

    /// Takes over `raw`; nil when it is not a descriptor.
    init?(_ raw: Int32) {
        guard raw >= 0 else { return nil }
        self.raw = raw
    }

    deinit { close(raw) }

    /// Reads what is there, up to the size of `buffer`; 0 at the end, nil when nothing is there or on an error.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while true {
            let count = Glibc.read(raw, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { return nil }
        }
    }

    /// Writes all of `bytes`; returns 0 or an errno.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(raw, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return 0
    }
}

/// The two ends of a pipe; both close on exec.
struct Pipe: ~Copyable {
    let reading: OwnedDescriptor
    let writing: OwnedDescriptor

    /// Opens a pipe; nil, with `errno` set, when the process has no descriptors left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard clinux_pipe(&ends) == 0, let reading = OwnedDescriptor(ends[0]), let writing = OwnedDescriptor(ends[1])
        else { return nil }
        self.reading = reading
        self.writing = writing
    }

    /// Gives up the writing end.
    consuming func closingWriter() -> OwnedDescriptor { reading }
    /// Gives up the reading end.
    consuming func closingReader() -> OwnedDescriptor { writing }
}

/// Makes reads of a descriptor return at once when nothing is there.
func setNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
}

/// The text of an `errno`.
func systemMessage(_ number: Int32) -> String { String(cString: strerror(number)) }

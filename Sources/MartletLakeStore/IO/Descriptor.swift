internal import Foundation
internal import MartletCore

/// An open file; closed when it goes out of scope.
struct Descriptor: ~Copyable {
    let number: Int32

    /// Takes over an open descriptor.
    init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Opens a file to read it; nil with errno set when that fails.
    static func reading(_ path: String) -> Descriptor? {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        return number < 0 ? nil : Descriptor(owning: number)
    }

    /// Opens a folder; nil with errno set when that fails.
    static func folder(_ path: String) -> Descriptor? {
        let number = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return number < 0 ? nil : Descriptor(owning: number)
    }

    /// Makes a file that must not exist yet; nil with errno set when that fails.
    static func creating(_ path: String, mode: mode_t = 0o644) -> Descriptor? {
        let number = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        return number < 0 ? nil : Descriptor(owning: number)
    }

    /// Writes all bytes, or gives the errno.
    borrowing func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int32 { Self.writeAll(number, bytes) }

    /// Writes all bytes, or gives the errno.
    static func writeAll(_ number: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let count = write(number, base, min(rest.count, 4 << 20))
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return 0
    }

    /// Reads until the buffer is full or the file ends; -1 with errno set on failure.
    borrowing func readFully(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        Self.readFully(number, into: buffer)
    }

    /// Reads until the buffer is full or the file ends; -1 with errno set on failure.
    static func readFully(_ number: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var filled = 0
        while filled < buffer.count {
            let count = read(number, base + filled, buffer.count - filled)
            if count < 0 {
                if errno == EINTR { continue }
                return -1
            }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Makes what was written durable, or gives the errno.
    borrowing func sync() -> Int32 { fsync(number) == 0 ? 0 : errno }
}

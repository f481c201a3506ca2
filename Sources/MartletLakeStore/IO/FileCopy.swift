internal import CLinux
internal import Foundation
public import MartletCore

/// Copies files outside the lake, sharing their blocks where the file system can.
public enum FileCopy {
    /// How a copy came about.
    public enum Way: Hashable, Sendable {
        /// Both share blocks until one is written to.
        case reflink
        case bytes
    }

    /// Copies a file to a path where there is none.
    ///
    /// - Throws: ``MartletError`` MT3037 when the source cannot be read, MT8004 or MT8005 when the copy cannot be written;
    ///   nothing is left then.
    @discardableResult
    public static func reflink(_ from: String, to target: String, mode: UInt32 = 0o644) throws(MartletError) -> Way {
        guard let source = Descriptor.reading(from) else { throw Failure.reading(from, errno) }
        guard let copy = Descriptor.creating(target, mode: mode_t(mode)) else { throw Failure.writing(target, errno) }
        if clinux_reflink(source.number, copy.number) == 0 { return .reflink }
        let error = bytes(source, copy)
        if error != 0 {
            unlink(target)
            throw Failure.writing(target, error)
        }
        return .bytes
    }

    private static func bytes(_ source: borrowing Descriptor, _ copy: borrowing Descriptor) -> Int32 {
        var copied = 0
        while true {
            let count = clinux_copy_range(source.number, copy.number, 1 << 30)
            if count == 0 { return 0 }
            if count > 0 {
                copied += count
            } else if errno != EINTR {
                if copied == 0, [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) { break }
                return errno
            }
        }
        // Between file systems that cannot do it themselves.
        return pieces(source, copy) { _ in }.error
    }

    /// Copies from where both files stand to the end, in pieces, and tells how many bytes each has.
    ///
    /// - Throws: ``MartletError`` MT3037, MT8004 or MT8005.
    static func bytes(
        _ from: String,
        _ source: borrowing Descriptor,
        _ target: String,
        _ copy: borrowing Descriptor,
        _ progress: (Int) -> Void
    ) throws(MartletError) {
        let (error, isReading) = pieces(source, copy, progress)
        if error != 0 { throw isReading ? Failure.reading(from, error) : Failure.writing(target, error) }
    }

    private static func pieces(
        _ source: borrowing Descriptor,
        _ copy: borrowing Descriptor,
        _ progress: (Int) -> Void
    ) -> (error: Int32, isReading: Bool) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4_096)
        defer { buffer.deallocate() }
        while true {
            let count = source.readFully(into: buffer)
            if count < 0 { return (errno, true) }
            if count == 0 { return (0, false) }
            let error = copy.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            if error != 0 { return (error, false) }
            progress(count)
        }
    }
}

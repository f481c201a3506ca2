internal import Crypto
internal import Foundation
internal import MartletCore
internal import MartletLake

/// Hashes files as DVC 2 did, and as DVC 3 does.
enum LegacyFile {
    /// The MD5 of the bytes of a file.
    ///
    /// - Throws: ``MartletError`` MT3037.
    static func plainMD5(_ path: [UInt8], below folder: String) throws(MartletError) -> MD5Digest {
        let number = FilePath.withPath(path, below: folder) { open($0, O_RDONLY | O_CLOEXEC) }
        let name = "\(folder)/\(DisplayBytes.text(of: path))"
        guard number >= 0 else { throw Failure.reading(name, errno) }
        let file = Descriptor(owning: number)
        var hash = Insecure.MD5()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LegacyMD5.partBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = file.readFully(into: buffer)
            guard count >= 0 else { throw Failure.reading(name, errno) }
            guard count > 0 else { break }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        return MD5Digest(hash.finalize())
    }

    /// The hash of a file.
    ///
    /// - Throws: ``MartletError`` MT3037.
    static func md5(_ path: String) throws(MartletError) -> MD5Digest {
        guard let file = Descriptor.reading(path) else { throw Failure.reading(path, errno) }
        var hash = LegacyMD5()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: LegacyMD5.partBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = file.readFully(into: buffer)
            guard count >= 0 else { throw Failure.reading(path, errno) }
            guard count > 0 else { break }
            hash.update(part: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        return hash.finalize()
    }
}

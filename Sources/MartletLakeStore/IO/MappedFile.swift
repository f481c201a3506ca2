internal import Foundation

/// The bytes of a file that does not change, mapped into memory; unmapped when nobody refers to it any more.
///
/// Packs and indexes are never written after they got their name, and a removed file stays mapped.
final class MappedFile: @unchecked Sendable {
    // Sendable: the memory is only read, and the pointers never change.
    let bytes: UnsafeRawBufferPointer

    /// Maps a file; nil with errno set when that fails.
    ///
    /// An empty file has no bytes.
    init?(_ path: String) {
        guard let file = Descriptor.reading(path) else { return nil }
        var info = stat()
        guard fstat(file.number, &info) == 0 else { return nil }
        let count = Int(info.st_size)
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let base = mmap(nil, count, PROT_READ, MAP_SHARED, file.number, 0), base != MAP_FAILED else { return nil }
        bytes = UnsafeRawBufferPointer(start: base, count: count)
    }

    deinit {
        if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
    }
}

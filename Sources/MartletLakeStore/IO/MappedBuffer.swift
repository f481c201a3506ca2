internal import Foundation
internal import MartletCore

/// Zeroed memory straight from the kernel: pages that are not used cost nothing, and it goes back at once.
final class MappedBuffer: @unchecked Sendable {
    // Sendable: the pointer never changes; who may write when is its owner's affair.
    let bytes: UnsafeMutableRawBufferPointer

    /// Memory for `count` bytes.
    ///
    /// - Throws: ``MartletError`` MT9002 when there is none.
    init(count: Int) throws(MartletError) {
        let base = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let base, base != MAP_FAILED else {
            throw MartletError(.internalFault, "no memory for \(count) bytes", remedy: "free some memory")
        }
        // Page by page, the kernel would take longer to give it than it takes to fill it.
        madvise(base, count, MADV_HUGEPAGE)
        bytes = UnsafeMutableRawBufferPointer(start: base, count: count)
    }

    deinit { munmap(bytes.baseAddress, bytes.count) }
}

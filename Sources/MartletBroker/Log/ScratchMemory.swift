/// Memory that is used again from one read to the next.
final class ScratchMemory {
    private(set) var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 16)

    deinit { bytes.deallocate() }

    /// Makes it at least `count` bytes long; what it held is lost when it was shorter.
    func grow(to count: Int) {
        guard bytes.count < count else { return }
        bytes.deallocate()
        bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    }
}

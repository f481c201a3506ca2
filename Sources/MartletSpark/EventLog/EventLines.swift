internal import Foundation
internal import MartletCore

/// Cuts the bytes of a file into lines, in memory that is used again.
struct EventLines {
    /// What became of a line.
    enum Line {
        case whole(UnsafeRawBufferPointer)
        /// The last line of the file, without a newline after it.
        case last(UnsafeRawBufferPointer)
        /// A line longer than the limit, of so many bytes.
        case tooLong(Int)
    }

    /// Bytes of all lines.
    private(set) var bytes = 0
    private let limit: Int
    private var buffer: UnsafeMutableRawBufferPointer

    /// - Parameter limit: the longest line that is kept.
    init(limit: Int = Limits.sparkEventLineBytes) {
        self.limit = limit
        buffer = .allocate(byteCount: 2 * Limits.sparkEventReadBytes, alignment: 64)
    }

    /// Gives the memory back; nothing may be read after it.
    mutating func release() {
        buffer.deallocate()
        buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    /// Reads a file to its end; `visit` gets each line and its offset in the plain bytes of this file.
    mutating func read(_ input: EventLogInput, _ visit: (Line, _ offset: Int) -> Void) {
        var filled = 0
        // Bytes that belong to a line that is too long and are gone already.
        var dropped = 0
        var isDropping = false
        var offset = 0
        while true {
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = input.read(
                into: UnsafeMutableRawBufferPointer(rebasing: room.prefix(Limits.sparkEventReadBytes))
            )
            guard count > 0 else { break }
            bytes += count
            var start = 0
            var searched = filled
            filled += count
            while let newline = find(from: searched, to: filled) {
                if isDropping {
                    visit(.tooLong(dropped + newline - start), offset)
                    offset += dropped
                    dropped = 0
                    isDropping = false
                } else if newline > start {
                    visit(.whole(UnsafeRawBufferPointer(rebasing: buffer[start..<newline])), offset)
                }
                offset += newline + 1 - start
                start = newline + 1
                searched = start
            }
            if isDropping || filled - start > limit {
                isDropping = true
                dropped += filled - start
                filled = 0
                continue
            }
            keep(start, &filled)
        }
        if isDropping {
            visit(.tooLong(dropped), offset)
        } else if filled > 0 {
            visit(.last(UnsafeRawBufferPointer(rebasing: buffer[..<filled])), offset)
        }
    }

    /// Moves what is left to the front, and makes room for more.
    private mutating func keep(_ start: Int, _ filled: inout Int) {
        let rest = filled - start
        if start > 0, rest > 0, let base = buffer.baseAddress { base.copyMemory(from: base + start, byteCount: rest) }
        filled = rest
        guard buffer.count - rest < Limits.sparkEventReadBytes else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: 2 * buffer.count + Limits.sparkEventReadBytes,
            alignment: 64
        )
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<rest]))
        buffer.deallocate()
        buffer = larger
    }

    private func find(from start: Int, to end: Int) -> Int? {
        guard start < end, let base = buffer.baseAddress, let found = memchr(base + start, 0x0A, end - start) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}

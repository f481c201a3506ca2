/// Bytes of a file that a read answers with, so that the server can have the kernel send them.
///
/// The file stays open, and readable even when its segment is deleted, for as long as a region of it is there. What is in
/// the region never changes.
package struct LogRegion: Sendable {
    /// The open file.
    package let file: any LogFile
    /// Where the bytes begin.
    package let position: Int
    /// How many they are.
    package let count: Int

    /// The bytes in memory, for connections that cannot have a file sent.
    ///
    /// - Throws: ``LogError`` 56.
    package func bytes() throws(LogError) -> [UInt8] { try file.contents(count, at: position) }

    /// Copies the bytes to memory of the caller's, which has room for ``count`` of them, and tells how many it were.
    ///
    /// - Throws: ``LogError`` 56.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, count)])
        return try file.read(into: room, at: position)
    }
}

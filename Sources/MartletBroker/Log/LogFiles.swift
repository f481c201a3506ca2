/// The file system as far as a log needs it.
///
/// Calls block.
///
/// Names that were created, renamed or removed last only after ``syncFolder(_:)``, and written bytes only after
/// ``LogFile/sync()``.
package protocol LogFiles: Sendable {
    /// Opens a file to read and write, and makes it when there is none.
    ///
    /// - Throws: ``LogError`` 56.
    func open(_ path: String) throws(LogError) -> any LogFile

    /// Names of what is in a folder, in no order; nothing when there is no folder.
    ///
    /// - Throws: ``LogError`` 56.
    func list(_ folder: String) throws(LogError) -> [String]

    /// Makes a folder and those above it; no error when it is there.
    ///
    /// - Throws: ``LogError`` 56.
    func createFolder(_ path: String) throws(LogError)

    /// Gives a file or folder another name; a file of that name is replaced at once.
    ///
    /// - Throws: ``LogError`` 56.
    func rename(_ path: String, to target: String) throws(LogError)

    /// Removes a file or an empty folder; no error when there is none.
    ///
    /// Who has it open can go on reading.
    ///
    /// - Throws: ``LogError`` 56.
    func remove(_ path: String) throws(LogError)

    /// Makes the names in a folder last.
    ///
    /// - Throws: ``LogError`` 56.
    func syncFolder(_ path: String) throws(LogError)
}

/// An open file; closed when nobody has it any more.
///
/// May be read from any thread.
package protocol LogFile: AnyObject, Sendable {
    /// Where it is, or was when it was opened.
    var path: String { get }

    /// The number to send it by (sendfile); -1 when it has none.
    var descriptor: Int32 { get }

    /// Its length in bytes.
    ///
    /// - Throws: ``LogError`` 56.
    func size() throws(LogError) -> Int

    /// When it was last written to, in milliseconds since 1970; nil when nobody knows.
    ///
    /// - Throws: ``LogError`` 56.
    func modified() throws(LogError) -> Int64?

    /// Writes all bytes from a position on.
    ///
    /// - Throws: ``LogError`` 56; some of the bytes may be written then.
    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(LogError)

    /// Writes all bytes of two pieces of memory, one after the other, from a position on.
    ///
    /// - Throws: ``LogError`` 56; some of the bytes may be written then.
    func write(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, at position: Int) throws(LogError)

    /// Reads from a position on, and tells how many bytes it were: fewer only at the end of the file.
    ///
    /// - Throws: ``LogError`` 56.
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(LogError) -> Int

    /// Cuts it, or fills it with zeros, to a length.
    ///
    /// - Throws: ``LogError`` 56.
    func truncate(to size: Int) throws(LogError)

    /// Makes what is written last: fdatasync.
    ///
    /// - Throws: ``LogError`` 56. What was written before is then perhaps lost, and a second call would not tell.
    func sync() throws(LogError)

    /// Keeps other processes from locking it for as long as it is open; false when one has done so.
    ///
    /// - Throws: ``LogError`` 56.
    func lock() throws(LogError) -> Bool
}

extension LogFiles {
    /// The bytes of a small file; nil when there is none.
    ///
    /// - Throws: ``LogError`` 56, also when it is longer than `limit`.
    func contents(of name: String, in folder: String, limit: Int) throws(LogError) -> [UInt8]? {
        guard try list(folder).contains(name) else { return nil }
        let file = try open("\(folder)/\(name)")
        let size = try file.size()
        guard size <= limit else {
            throw .storage(StorageFault.damaged("\(folder)/\(name)", "it has \(size) bytes, and \(limit) are allowed"))
        }
        return try file.contents(size)
    }

    /// Puts a file in the place of another at once: new file, fsync, rename, fsync of the folder.
    ///
    /// - Throws: ``LogError`` 56; the old file is there then.
    func replace(_ name: String, in folder: String, with bytes: [UInt8]) throws(LogError) {
        let temporary = "\(folder)/\(name).tmp"
        let file = try open(temporary)
        try file.truncate(to: 0)
        try file.write(bytes, at: 0)
        try file.sync()
        try rename(temporary, to: "\(folder)/\(name)")
        try syncFolder(folder)
    }
}

extension LogFile {
    /// Up to `count` bytes from a position on.
    func contents(_ count: Int, at position: Int = 0) throws(LogError) -> [UInt8] {
        var failure: LogError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(LogError) {
                initialized = try read(into: UnsafeMutableRawBufferPointer(buffer), at: position)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    package func modified() throws(LogError) -> Int64? { nil }

    package func write(
        _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer,
        at position: Int
    ) throws(LogError) {
        try write(Array(first) + Array(second), at: position)
    }

    func write(_ bytes: [UInt8], at position: Int) throws(LogError) {
        var failure: LogError?
        bytes.withUnsafeBytes { buffer in
            do throws(LogError) { try write(buffer, at: position) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

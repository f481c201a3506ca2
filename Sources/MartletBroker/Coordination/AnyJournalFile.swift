package import MartletCore

/// Some journal's file: the disk's in a server, one that fails in a test.
package struct AnyJournalFile: JournalFile {
    private let file: any JournalFile

    /// Stands for `file`.
    package init(_ file: any JournalFile) { self.file = file }

    package func read() throws(MartletError) -> [UInt8] { try file.read() }
    package func append(_ bytes: [UInt8]) throws(MartletError) { try file.append(bytes) }
    package func sync() throws(MartletError) { try file.sync() }
    package func truncate(to length: Int) throws(MartletError) { try file.truncate(to: length) }
    package func replace(with bytes: [UInt8]) throws(MartletError) { try file.replace(with: bytes) }
}

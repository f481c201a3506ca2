package import MartletCore

/// The file that the coordinators' journal is in; blocking, and called by one owner at a time.
package protocol JournalFile: Sendable {
    /// The whole content; empty when there is no file yet.
    ///
    /// - Throws: ``MartletError`` when it cannot be read.
    func read() throws(MartletError) -> [UInt8]
    /// Adds bytes at the end; after a failure, any part of them may be there.
    ///
    /// - Throws: ``MartletError`` when they cannot be written.
    func append(_ bytes: [UInt8]) throws(MartletError)
    /// Makes what was added durable.
    ///
    /// - Throws: ``MartletError`` when that fails; what was added since the last time may then be lost or not.
    func sync() throws(MartletError)
    /// Cuts off what is beyond a length.
    ///
    /// - Throws: ``MartletError`` when that fails.
    func truncate(to length: Int) throws(MartletError)
    /// Puts other content in its place, so that a crash leaves the old or the new; durable when it returns.
    ///
    /// - Throws: ``MartletError`` when that fails; the old content is there then, or the new but not durably.
    func replace(with bytes: [UInt8]) throws(MartletError)
}

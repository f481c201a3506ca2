package import MartletCore

// The limits of running streams.
extension Limits {
    /// Most events of a source that wait while a batch is worked on or a cut is committed.
    package static let streamInboxEvents = 4
    /// Most records of one dead-letter or result call to a topic.
    package static let streamSendRecords = 50_000
    /// Most times that results of one cut are sent anew after the transaction had to be aborted.
    package static let streamTransactionAttempts = 5
    /// How many times the length of a snapshot has to pass before the next, so that a large state does not eat all time.
    package static let streamSnapshotShare = 10
}

internal import MartletCore

/// The file of the coordinators' records.
///
/// What a crash has torn at its end was never answered for, and is cut off; see ``JournalFrame`` for how that is told from
/// damage.
struct CoordinatorJournal<File: JournalFile>: Sendable {
    private static var header: [UInt8] { Array("martlet coordinators 1\n".utf8) }

    private let file: File
    /// The bytes of the file.
    private(set) var length: Int
    /// The bytes of the file that are known to be durable.
    private var durableLength: Int
    /// The bytes that it had when it was last written anew, or opened.
    private var liveLength: Int
    /// Whether it is unknown what is at its end, so that nothing more may be added.
    private(set) var isBroken = false

    /// What was in the file.
    struct Content: Sendable {
        /// The records, oldest first.
        var records: [CoordinatorRecord]
        /// The bytes that were cut off at the end, because no whole record was in them.
        var tornBytes: Int
    }

    /// Opens the journal, and makes it if there is none.
    ///
    /// - Throws: ``MartletError`` MT6015 when it is damaged before its end, MT6016 when it is of a newer Martlet, and what
    ///   the file throws.
    static func open(_ file: File) throws(MartletError) -> (journal: Self, content: Content) {
        let bytes = try file.read()
        guard bytes.count >= header.count else {
            // It was just being made: nothing was ever answered for.
            guard header.starts(with: bytes) else { throw damaged("it does not start with its first line") }
            try file.replace(with: header)
            return (Self(file, length: header.count), Content(records: [], tornBytes: bytes.count))
        }
        guard bytes.starts(with: header) else {
            if bytes.starts(with: header.dropLast(2)) { throw tooNew("its format has another number") }
            throw damaged("it does not start with its first line")
        }
        let (records, end) = try decode(bytes)
        if end < bytes.count { try file.truncate(to: end) }
        // What is read may have been written by a process that ended before it was durable.
        try file.sync()
        return (Self(file, length: end), Content(records: records, tornBytes: bytes.count - end))
    }

    private init(_ file: File, length: Int) {
        self.file = file
        self.length = length
        durableLength = length
        liveLength = length
    }

    /// Adds records; they are durable after ``sync()``.
    ///
    /// - Throws: ``MartletError`` when they cannot be written; none of them is in the journal then.
    mutating func append(_ records: [CoordinatorRecord]) throws(MartletError) {
        guard !isBroken else { throw Self.broken() }
        let bytes = try Self.frames(records, durable: durableLength)
        do throws(MartletError) {
            try file.append(bytes)
            length += bytes.count
        } catch {
            // What comes later must not stand behind half a record.
            do throws(MartletError) { try file.truncate(to: length) } catch { isBroken = true }
            throw error
        }
    }

    /// Makes durable what was added.
    ///
    /// - Throws: ``MartletError`` when that fails. Nothing can be added after that: it is not known what the disk has. The
    ///   server has to be started again.
    mutating func sync() throws(MartletError) {
        let pending = try prepareSync()
        var failure: MartletError?
        do throws(MartletError) { try pending.perform() } catch { failure = error }
        finishSync(pending, failure: failure)
        if let failure { throw failure }
    }

    /// What waits for the disk in a ``sync()``: may be done on any thread, while records are added.
    struct PendingSync: Sendable {
        fileprivate let file: File
        fileprivate let length: Int

        /// Waits for the disk.
        ///
        /// - Throws: ``MartletError`` when it does not have what was added.
        func perform() throws(MartletError) { try file.sync() }
    }

    /// Begins a sync; it is performed, and then told to ``finishSync(_:failure:)``.
    ///
    /// - Throws: ``MartletError`` when an earlier one failed.
    func prepareSync() throws(MartletError) -> PendingSync {
        guard !isBroken else { throw Self.broken() }
        return PendingSync(file: file, length: length)
    }

    /// Takes note of what became of a sync.
    mutating func finishSync(_ pending: PendingSync, failure: MartletError?) {
        if failure == nil { durableLength = max(durableLength, pending.length) } else { isBroken = true }
    }

    /// Whether writing it anew is worth its while.
    var isWorthCompacting: Bool { length > Limits.journalCompactionBytes && length / 2 > liveLength }

    /// Writes it anew with the records of the state as it is, all of which must be applied.
    ///
    /// - Throws: ``MartletError`` when that fails; the journal is as it was then.
    mutating func compact(_ records: [CoordinatorRecord]) throws(MartletError) {
        guard !isBroken else { throw Self.broken() }
        let bytes = try Self.header + Self.frames(records, durable: 0)
        do throws(MartletError) { try file.replace(with: bytes) } catch {
            // It may have failed after the new file took the name, when what is added later could be lost with it.
            isBroken = (try? file.read().count) != length
            throw error
        }
        length = bytes.count
        durableLength = bytes.count
        liveLength = bytes.count
    }

    private static func frames(
        _ records: [CoordinatorRecord],
        durable: Int
    ) throws(MartletError) -> [UInt8] {
        var bytes: [UInt8] = []
        for record in records {
            let content = record.encoded
            guard content.count <= Limits.coordinatorRecordBytes else { throw tooLarge(content.count) }
            JournalFrame.append(content, durable: durable, to: &bytes)
        }
        return bytes
    }

    /// Reads all records, up to the first that is not whole.
    private static func decode(_ bytes: [UInt8]) throws(MartletError) -> (records: [CoordinatorRecord], end: Int) {
        var records: [CoordinatorRecord] = []
        var position = header.count
        while let frame = JournalFrame(bytes, at: position) {
            do throws(MalformedRecord) {
                records.append(try CoordinatorRecord(encoded: frame.content))
            } catch {
                // The checksum is right, so it was written this way.
                throw tooNew("record \(records.count + 1) cannot be read: \(error.reason)")
            }
            position = frame.content.endIndex
        }
        if JournalFrame.wasDurable(bytes, at: position) {
            throw damaged("a record at byte \(position) is not what was written")
        }
        return (records, position)
    }
}

extension CoordinatorJournal {
    private static func damaged(_ reason: String) -> MartletError {
        MartletError(
            .coordinatorJournalDamaged,
            "the record of consumer groups and transactions cannot be read",
            reason: reason,
            remedy:
                "restore the streams folder from a copy, or move `coordinators.journal` away: groups then start anew"
        )
    }

    private static func tooLarge(_ count: Int) -> MartletError {
        MartletError(
            .coordinatorRecordTooLarge,
            "a consumer group or a transaction is too large to be kept",
            reason: "its record has \(count) bytes, more than \(Limits.coordinatorRecordBytes)",
            remedy: "use fewer members or partitions in it"
        )
    }

    private static func tooNew(_ reason: String) -> MartletError {
        MartletError(
            .coordinatorJournalTooNew,
            "the record of consumer groups and transactions is of a newer Martlet",
            reason: reason,
            remedy: "use the Martlet that wrote it, or a newer one"
        )
    }

    static func broken() -> MartletError {
        MartletError(
            .coordinatorJournalDamaged,
            "nothing more can be written to the record of consumer groups and transactions",
            reason: "writing to it failed before, and what is at its end is not known",
            remedy: "see that the disk is in order and has room, then start the server again"
        )
    }
}

import MartletCore

// A record's content: its kind, its version (0), and its parts in the order of their declaration.
extension CoordinatorRecord {
    /// The version of what is written; a reader of another one cannot know what the bytes mean.
    static let version: UInt8 = 0

    private var kind: UInt8 {
        switch self {
        case .group: 1
        case .groupDeleted: 2
        case .offsetsCommitted: 3
        case .offsetsDeleted: 4
        case .offsetsEnded: 5
        case .transaction: 6
        case .transactionDeleted: 7
        case .producerIDs: 8
        }
    }

    /// The record as it is stored, without its frame.
    var encoded: [UInt8] {
        var writer = JournalWriter()
        writer.byte(kind)
        writer.byte(Self.version)
        switch self {
        case .group(let group): group.write(to: &writer)
        case .groupDeleted(let id), .transactionDeleted(let id): writer.text(id)
        case .offsetsCommitted(let offsets): offsets.write(to: &writer)
        case .offsetsDeleted(let groupID, let partitions):
            writer.text(groupID)
            writer.list(partitions) { $0.partition($1) }
        case .offsetsEnded(let groupID, let producerID, let isCommitted):
            writer.text(groupID)
            writer.number(producerID)
            writer.flag(isCommitted)
        case .transaction(let transaction): transaction.write(to: &writer)
        case .producerIDs(let bound): writer.number(bound)
        }
        return writer.bytes
    }

    /// Reads a stored record.
    ///
    /// - Throws: ``MalformedRecord`` when it is none, or one of a newer version.
    init(encoded bytes: ArraySlice<UInt8>) throws(MalformedRecord) {
        var reader = JournalReader(bytes)
        let kind = try reader.byte()
        guard try reader.byte() == Self.version else { throw MalformedRecord("it is of a newer version") }
        switch kind {
        case 1: self = .group(try GroupRecord(&reader))
        case 2: self = .groupDeleted(try reader.text())
        case 3: self = .offsetsCommitted(try OffsetsRecord(&reader))
        case 4:
            let groupID = try reader.text()
            self = .offsetsDeleted(
                groupID: groupID,
                try reader.list { (reader) throws(MalformedRecord) in try reader.partition() }
            )
        case 5:
            self = .offsetsEnded(
                groupID: try reader.text(),
                producerID: try reader.number(),
                isCommitted: try reader.flag()
            )
        case 6: self = .transaction(try TransactionRecord(&reader))
        case 7: self = .transactionDeleted(try reader.text())
        case 8: self = .producerIDs(below: try reader.number())
        default: throw MalformedRecord("it is of a newer kind")
        }
        try reader.end()
    }
}

extension GroupRecord {
    fileprivate func write(to writer: inout JournalWriter) {
        writer.text(id)
        writer.optional(protocolType) { $0.text($1) }
        writer.number(generation)
        writer.optional(protocolName) { $0.text($1) }
        writer.optional(leader) { $0.text($1) }
        writer.optional(emptySince) { $0.number($1) }
        writer.list(members) { $1.write(to: &$0) }
    }

    fileprivate init(_ reader: inout JournalReader) throws(MalformedRecord) {
        id = try reader.text()
        protocolType = try reader.optionalText()
        generation = try reader.number()
        protocolName = try reader.optionalText()
        leader = try reader.optionalText()
        emptySince = try reader.optional { (reader) throws(MalformedRecord) in try reader.number() }
        members = try reader.list { (reader) throws(MalformedRecord) in try GroupMemberRecord(&reader) }
    }
}

extension GroupMemberRecord {
    fileprivate func write(to writer: inout JournalWriter) {
        writer.text(id)
        writer.optional(instanceID) { $0.text($1) }
        writer.text(clientID)
        writer.text(clientHost)
        writer.number(sessionTimeout)
        writer.number(rebalanceTimeout)
        writer.list(protocols) {
            $0.text($1.name)
            $0.data($1.metadata)
        }
        writer.data(assignment)
    }

    fileprivate init(_ reader: inout JournalReader) throws(MalformedRecord) {
        id = try reader.text()
        instanceID = try reader.optionalText()
        clientID = try reader.text()
        clientHost = try reader.text()
        sessionTimeout = try reader.number()
        rebalanceTimeout = try reader.number()
        protocols = try reader.list { (reader) throws(MalformedRecord) in
            GroupProtocol(name: try reader.text(), metadata: try reader.data())
        }
        assignment = try reader.data()
    }
}

extension OffsetsRecord {
    fileprivate func write(to writer: inout JournalWriter) {
        writer.text(groupID)
        writer.optional(producerID) { $0.number($1) }
        writer.list(offsets) {
            $0.partition($1.partition)
            $0.number($1.committed.offset)
            $0.number($1.committed.leaderEpoch)
            $0.text($1.committed.metadata)
            $0.number($1.committed.commitTime)
            $0.optional($1.committed.expiresAt) { $0.number($1) }
        }
    }

    fileprivate init(_ reader: inout JournalReader) throws(MalformedRecord) {
        groupID = try reader.text()
        producerID = try reader.optional { (reader) throws(MalformedRecord) in try reader.number() }
        offsets = try reader.list { (reader) throws(MalformedRecord) in
            Entry(
                partition: try reader.partition(),
                committed: CommittedOffset(
                    offset: try reader.number(),
                    leaderEpoch: try reader.number(),
                    metadata: try reader.text(),
                    commitTime: try reader.number(),
                    expiresAt: try reader.optional { (reader) throws(MalformedRecord) in try reader.number() }
                )
            )
        }
    }
}

extension TransactionRecord {
    fileprivate func write(to writer: inout JournalWriter) {
        writer.text(transactionalID)
        writer.number(producerID)
        writer.number(producerEpoch)
        writer.number(lastProducerID)
        writer.number(lastProducerEpoch)
        writer.number(timeout)
        writer.byte(phase.rawValue)
        // In order, so that equal transactions have equal bytes.
        writer.list(partitions.sorted()) { $0.partition($1) }
        writer.list(groups.sorted()) { $0.text($1) }
        writer.number(startTime)
        writer.number(updateTime)
    }

    fileprivate init(_ reader: inout JournalReader) throws(MalformedRecord) {
        transactionalID = try reader.text()
        producerID = try reader.number()
        producerEpoch = try reader.number()
        lastProducerID = try reader.number()
        lastProducerEpoch = try reader.number()
        timeout = try reader.number()
        guard let phase = TransactionPhase(rawValue: try reader.byte()) else {
            throw MalformedRecord("it has an unknown phase")
        }
        self.phase = phase
        partitions = Set(try reader.list { (reader) throws(MalformedRecord) in try reader.partition() })
        groups = Set(try reader.list { (reader) throws(MalformedRecord) in try reader.text() })
        startTime = try reader.number()
        updateTime = try reader.number()
    }
}

extension JournalReader {
    fileprivate mutating func optionalText() throws(MalformedRecord) -> String? {
        try optional { (reader) throws(MalformedRecord) in try reader.text() }
    }
}

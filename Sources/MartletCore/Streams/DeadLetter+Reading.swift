extension DeadLetter {
    /// Reads where a record came from and how it ended.
    ///
    /// Understands Martlet's own headers, and those of Kafka Connect, Spring Kafka and Kafka Streams. Where a header
    /// comes more than once the last counts: each end adds its own.
    ///
    /// - Throws: ``MartletError`` MT6028 when the headers do not say which record it was.
    public init(_ headers: [RecordHeader]) throws(MartletError) {
        var last = [String: RecordHeader]()
        for header in headers { last[header.name] = header }
        let dialects = [DeadLetterDialect.martlet] + DeadLetterDialect.all
        for dialect in dialects where last[dialect.topic] != nil {
            self = try dialect.read(last)
            return
        }
        throw MartletError(
            .deadLetterUnreadable,
            "the record does not say which record it was",
            reason: "it has no header \(dialects.map(\.topic).joined(separator: ", "))",
            remedy: "replay only topics of dead letters"
        )
    }
}

/// The names that one kind of program gives to the headers of its dead letters.
struct DeadLetterDialect {
    /// The beginning of all its names.
    let prefix: String
    let topic: String
    let partition: String
    let offset: String
    let timestamp: String
    let errorClass: String
    let message: String
    let details: String
    var attempts = ""
    var run = ""
    /// Whether numbers are 4 or 8 bytes, the highest first, and not text.
    var isBinary = false

    static let martlet = Self(
        prefix: DeadLetter.prefix,
        topic: DeadLetter.prefix + "topic",
        partition: DeadLetter.prefix + "partition",
        offset: DeadLetter.prefix + "offset",
        timestamp: DeadLetter.prefix + "timestamp",
        errorClass: DeadLetter.prefix + "error.class",
        message: DeadLetter.prefix + "error.message",
        details: DeadLetter.prefix + "error.details",
        attempts: DeadLetter.prefix + "attempts",
        run: DeadLetter.prefix + "run"
    )

    /// Kafka Connect (KIP-298), Spring Kafka's DeadLetterPublishingRecoverer, Kafka Streams (KIP-1034).
    static let all = [
        Self(
            prefix: "__connect.errors.",
            topic: "__connect.errors.topic",
            partition: "__connect.errors.partition",
            offset: "__connect.errors.offset",
            timestamp: "",
            errorClass: "__connect.errors.exception.class.name",
            message: "__connect.errors.exception.message",
            details: "__connect.errors.exception.stacktrace"
        ),
        Self(
            prefix: "kafka_dlt-",
            topic: "kafka_dlt-original-topic",
            partition: "kafka_dlt-original-partition",
            offset: "kafka_dlt-original-offset",
            timestamp: "kafka_dlt-original-timestamp",
            errorClass: "kafka_dlt-exception-fqcn",
            message: "kafka_dlt-exception-message",
            details: "kafka_dlt-exception-stacktrace",
            isBinary: true
        ),
        Self(
            prefix: "__streams.errors.",
            topic: "__streams.errors.topic",
            partition: "__streams.errors.partition",
            offset: "__streams.errors.offset",
            timestamp: "",
            errorClass: "__streams.errors.exception",
            message: "__streams.errors.message",
            details: "__streams.errors.stacktrace"
        ),
    ]

    func read(_ headers: [String: RecordHeader]) throws(MartletError) -> DeadLetter {
        guard let topic = headers[topic]?.text, !topic.isEmpty,
            let place = number(headers[partition]).flatMap({ Int32(exactly: $0) }), place >= 0,
            let offset = number(headers[offset]), offset >= 0
        else {
            throw MartletError(
                .deadLetterUnreadable,
                "the record does not say which record it was",
                reason: "\(self.topic), \(partition) and \(self.offset) name no place in a topic",
                remedy: "replay only topics of dead letters"
            )
        }
        return DeadLetter(
            errorClass: headers[errorClass]?.text ?? "",
            message: headers[message]?.text ?? "",
            details: headers[details]?.text ?? "",
            partition: TopicPartition(topic, place),
            offset: offset,
            timestamp: number(headers[timestamp]) ?? -1,
            attempts: number(headers[attempts]).flatMap { Int(exactly: $0) } ?? 1,
            run: headers[run]?.text ?? ""
        )
    }

    private func number(_ header: RecordHeader?) -> Int64? {
        guard isBinary else { return header?.text.flatMap { Int64($0) } }
        guard let bytes = header?.value, bytes.count == 4 || bytes.count == 8 else { return nil }
        let value = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return bytes.count == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
}

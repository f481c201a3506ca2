/// Why a record could not be processed, and where it came from.
///
/// A dead letter is the record itself, its key, value and headers unchanged, in a topic of its own; what is here stands
/// in further headers behind those that it had.
public struct DeadLetter: Hashable, Sendable {
    /// The kind of the error: an error's number, or the name of a type.
    public var errorClass: String
    /// What it says.
    public var message: String
    /// More about it: causes, or where in the program.
    public var details: String
    /// The partition that the record came from.
    public var partition: TopicPartition
    /// Its offset there.
    public var offset: Int64
    /// Its time there, in milliseconds since 1970; -1 when it had none.
    public var timestamp: Int64
    /// How often it was tried.
    public var attempts: Int
    /// The run that gave it up; empty when it was none.
    public var run: String

    /// The end of a record.
    public init(
        errorClass: String,
        message: String,
        details: String = "",
        partition: TopicPartition,
        offset: Int64,
        timestamp: Int64 = -1,
        attempts: Int = 1,
        run: String = ""
    ) {
        self.errorClass = errorClass
        self.message = message
        self.details = details
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.attempts = attempts
        self.run = run
    }

    /// The beginning of the names of Martlet's headers.
    static let prefix = "martlet.dead."

    /// The headers to add to those of the record.
    ///
    /// Numbers are written as text, so that any tool shows them.
    public var headers: [RecordHeader] {
        var headers = [
            RecordHeader(Self.prefix + "error.class", text: errorClass),
            RecordHeader(Self.prefix + "error.message", text: Self.cut(message)),
            RecordHeader(Self.prefix + "topic", text: partition.topic),
            RecordHeader(Self.prefix + "partition", text: "\(partition.partition)"),
            RecordHeader(Self.prefix + "offset", text: "\(offset)"),
            RecordHeader(Self.prefix + "timestamp", text: "\(timestamp)"),
            RecordHeader(Self.prefix + "attempts", text: "\(attempts)"),
        ]
        if !details.isEmpty { headers.append(RecordHeader(Self.prefix + "error.details", text: Self.cut(details))) }
        if !run.isEmpty { headers.append(RecordHeader(Self.prefix + "run", text: run)) }
        return headers
    }

    /// The record's headers without those that say how it ended, to replay it as it was.
    ///
    /// Headers of Kafka Connect, Spring and Kafka Streams about an end go too.
    public static func original(_ headers: [RecordHeader]) -> [RecordHeader] {
        headers.filter { header in
            !([prefix] + DeadLetterDialect.all.map(\.prefix)).contains { header.name.hasPrefix($0) }
        }
    }

    /// `text`, cut between characters where it is too long for a header.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > Limits.deadLetterTextBytes else { return text }
        var end = text.startIndex
        var size = 0
        for character in text {
            size += character.utf8.count
            if size > Limits.deadLetterTextBytes { break }
            end = text.index(after: end)
        }
        return String(text[..<end])
    }
}

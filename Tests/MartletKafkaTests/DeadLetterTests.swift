import MartletCore
import Testing

struct DeadLetterTests {
    private let letter = DeadLetter(
        errorClass: "MT6031",
        message: "Größe 12 is no number\nline 2",
        details: "at step 3",
        partition: TopicPartition("flights", 7),
        offset: 1 << 40,
        timestamp: 1_700_000_000_000,
        attempts: 3,
        run: "r-1"
    )

    @Test func headersSayAll() throws {
        let own = [RecordHeader("trace", [0, 255]), RecordHeader("n", nil)]
        let headers = own + letter.headers
        #expect(try DeadLetter(headers) == letter)
        #expect(DeadLetter.original(headers) == own)
        #expect(headers.contains(RecordHeader("martlet.dead.offset", text: "1099511627776")))
    }

    @Test func theLastEndCounts() throws {
        var second = letter
        second.partition = TopicPartition("flights.retry", 0)
        second.attempts = 9
        #expect(try DeadLetter(letter.headers + second.headers) == second)
        #expect(DeadLetter.original(letter.headers + second.headers) == [])
    }

    @Test func longTextsAreCutBetweenCharacters() throws {
        var long = letter
        long.message = String(repeating: "ü", count: 8_192)
        long.details = "x" + String(repeating: "👩‍🚀", count: 4_000)
        let read = try DeadLetter(long.headers)
        #expect(read.message == String(repeating: "ü", count: 4_096))
        #expect(read.details.utf8.count <= 8_192)
        #expect(read.details.utf8.count > 8_192 - 11)
        #expect(long.details.hasPrefix(read.details))
    }

    @Test func readsWhatOthersWrite() throws {
        let connect = [
            RecordHeader("mine", text: "1"), RecordHeader("__connect.errors.topic", text: "orders"),
            RecordHeader("__connect.errors.partition", text: "2"), RecordHeader("__connect.errors.offset", text: "31"),
            RecordHeader("__connect.errors.exception.class.name", text: "org.apache.kafka.DataException"),
            RecordHeader("__connect.errors.exception.message", text: "bad"),
        ]
        let first = try DeadLetter(connect)
        #expect(first.partition == TopicPartition("orders", 2))
        #expect(first.offset == 31)
        #expect(first.errorClass == "org.apache.kafka.DataException")
        #expect(first.timestamp == -1)
        #expect(DeadLetter.original(connect) == [RecordHeader("mine", text: "1")])

        // Spring writes numbers as big-endian bytes.
        let spring = [
            RecordHeader("kafka_dlt-original-topic", text: "orders"),
            RecordHeader("kafka_dlt-original-partition", [0, 0, 0, 3]),
            RecordHeader("kafka_dlt-original-offset", [0, 0, 0, 0, 0, 0, 1, 0]),
            RecordHeader("kafka_dlt-original-timestamp", [0, 0, 1, 0x8B, 0xCF, 0xE5, 0x68, 0]),
        ]
        let second = try DeadLetter(spring)
        #expect(second.partition == TopicPartition("orders", 3))
        #expect(second.offset == 256)
        #expect(second.timestamp == 1_700_000_000_000)
    }

    @Test(arguments: [
        [], [RecordHeader("martlet.dead.topic", text: "t")],
        [
            RecordHeader("martlet.dead.topic", text: "t"), RecordHeader("martlet.dead.partition", text: "-1"),
            RecordHeader("martlet.dead.offset", text: "1"),
        ],
        [
            RecordHeader("martlet.dead.topic", text: "t"), RecordHeader("martlet.dead.partition", text: "4294967296"),
            RecordHeader("martlet.dead.offset", text: "1"),
        ],
        [
            RecordHeader("martlet.dead.topic", [0xFF]), RecordHeader("martlet.dead.partition", text: "1"),
            RecordHeader("martlet.dead.offset", text: "1"),
        ],
        [
            RecordHeader("kafka_dlt-original-topic", text: "t"), RecordHeader("kafka_dlt-original-partition", [1]),
            RecordHeader("kafka_dlt-original-offset", nil),
        ],
    ])
    func refusesOtherRecords(headers: [RecordHeader]) {
        let error = #expect(throws: MartletError.self) { try DeadLetter(headers) }
        #expect(error?.code == .deadLetterUnreadable)
    }
}

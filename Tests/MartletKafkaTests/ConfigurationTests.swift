import MartletCore
import Testing

@testable import MartletKafka

struct ConfigurationTests {
    private static var secret: KafkaConfiguration {
        var configuration = KafkaConfiguration(bootstrapServers: "localhost:9092")
        configuration.authenticate(.scram512, user: "ada", password: "hunter2-secret", usesTLS: true)
        configuration["ssl.key.password"] = "key-secret"
        configuration["ssl.key.pem"] = "-----BEGIN"
        configuration["sasl.oauthbearer.client.secret"] = "oauth-secret"
        return configuration
    }

    @Test func neverShowsSecrets() {
        let configuration = Self.secret
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped, "\([configuration])"] {
            for word in ["hunter2", "key-secret", "-----BEGIN", "oauth-secret"] { #expect(!text.contains(word)) }
        }
        #expect("\(configuration)".contains("sasl.password=***"))
        #expect("\(configuration)".contains("sasl.username=ada"))
        #expect("\(configuration)".contains("sasl.mechanism=SCRAM-SHA-512"))
        #expect("\(configuration)".contains("security.protocol=SASL_SSL"))
    }

    @Test(arguments: Libraries.all)
    func refusesWhatTheLibraryDoesNotKnow(library: TestLibrary) throws {
        let library = try library.load()
        var configuration = Self.secret
        configuration["no.such.property"] = "hunter2-secret"
        let error = try #require(throws: StreamError.self) { _ = try KafkaProducer(library, configuration.producer()) }
        #expect(error.failure.code == .streamPropertyInvalid)
        #expect(error.failure.message == "librdkafka does not take property no.such.property")
        #expect(!error.description.contains("hunter2"))

        // The library's own text repeats the value.
        var wrong = Self.secret
        wrong["acks"] = "hunter2-secret"
        let refused = try #require(throws: StreamError.self) { _ = try KafkaProducer(library, wrong.producer()) }
        #expect(!refused.description.contains("hunter2"))

        // A contradiction is found only when the client is made.
        var contradiction = KafkaConfiguration(bootstrapServers: "localhost:1").producer()
        contradiction["acks"] = "1"
        let made = try #require(throws: StreamError.self) { _ = try KafkaProducer(library, contradiction) }
        #expect(made.failure.code == .streamPropertyInvalid)
        #expect(made.disposition == .refused)
    }

    @Test func consumersCommitNothingUnasked() {
        var configuration = KafkaConfiguration(bootstrapServers: "b")
        configuration["enable.auto.commit"] = "true"
        configuration["enable.partition.eof"] = "false"
        let consumer = configuration.consumer(group: "g", instance: "i", assignor: .cooperativeSticky)
        #expect(consumer["enable.auto.commit"] == "false")
        #expect(consumer["enable.auto.offset.store"] == "false")
        #expect(consumer["isolation.level"] == "read_committed")
        #expect(consumer["auto.offset.reset"] == "earliest")
        #expect(consumer["group.instance.id"] == "i")
        #expect(consumer["partition.assignment.strategy"] == "cooperative-sticky")
        // What the user set and nothing depends on is kept.
        #expect(consumer["enable.partition.eof"] == "false")
        #expect(configuration.producer(transactionalID: "t")["transactional.id"] == "t")
        #expect(configuration.producer()["enable.idempotence"] == "true")
    }
}

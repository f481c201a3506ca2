import ArgumentParser

/// `martlet stream`.
struct StreamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "Serve and use event streams.",
        discussion: """
            Streams speak Kafka's protocol: any Kafka client can use the log server,
            and every command can use any Kafka cluster in its place (--broker, or
            streams: kafka://host:9092 in martlet.yaml).

              martlet stream serve
              martlet stream produce flights --from flights.csv --key carrier
              martlet stream consume flights --until end
              martlet stream run streams/delays.yaml --from topic:flights --to sqlite:features.db
            """,
        subcommands: [
            StreamServeCommand.self, StreamUsersCommand.self, StreamTopicsCommand.self, StreamProduceCommand.self,
            StreamConsumeCommand.self,
            StreamReplayCommand.self, StreamGroupsCommand.self, StreamLagCommand.self, StreamRunCommand.self,
        ]
    )
}

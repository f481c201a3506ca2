import ArgumentParser
import MartletCore
import MartletKafka

/// `martlet stream topics`.
struct StreamTopicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics",
        abstract: "List, make, change and delete topics.",
        discussion: """
              martlet stream topics
              martlet stream topics create flights --partitions 4 --set retention.ms=86400000
              martlet stream topics show flights
            """,
        subcommands: [
            StreamTopicsListCommand.self, StreamTopicsShowCommand.self, StreamTopicsCreateCommand.self,
            StreamTopicsSetCommand.self, StreamTopicsDeleteCommand.self,
        ],
        defaultSubcommand: StreamTopicsListCommand.self
    )
}

/// `martlet stream topics list`.
struct StreamTopicsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all topics.")

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: StreamOptions

    func run() async throws {
        let topics = try await options.withCluster { cluster in
            let (admin, client) = (try cluster.admin(), try cluster.client())
            var topics: [(name: String, partitions: Int, records: Int64)] = []
            for name in try await admin.topics().sorted() {
                var records: Int64 = 0
                let partitions = try await admin.partitions(of: name)
                for partition in partitions {
                    let range = try await client.offsets(of: partition)
                    records += range.high - range.low
                }
                topics.append((name, partitions.count, records))
            }
            return topics
        }
        if json {
            let list = topics.map { topic in
                JSONValue.object([
                    "topic": .string(topic.name), "partitions": .integer(topic.partitions),
                    "records": .integer(Int(topic.records)),
                ])
            }
            return Output.result(JSONValue.array(list).jsonText)
        }
        if topics.isEmpty { return Output.talk("no topics yet; the first record makes one") }
        let style = Style.standardOutput
        let header = ["TOPIC", "PARTITIONS", "RECORDS"].map { TextTable.Cell(text: $0, paint: style.faint) }
        var table = TextTable([.left, .right, .right], header: header)
        for topic in topics {
            table.add([topic.name, "\(topic.partitions)", NumberText.grouped(Int(topic.records))])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}

/// `martlet stream topics show`.
struct StreamTopicsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a topic's partitions and what is set for it."
    )

    @Argument(help: "The topic.")
    var topic: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: StreamOptions

    func run() async throws {
        let (ranges, settings) = try await options.withCluster { cluster in
            let client = try cluster.client()
            var ranges: [(partition: Int32, range: OffsetRange)] = []
            for partition in try await client.existing(topic) {
                ranges.append((partition.partition, try await client.offsets(of: partition)))
            }
            return (ranges, try await cluster.admin().configuration(of: .topic(topic)))
        }
        let changed = settings.filter { !$0.value.isDefault }.sorted { $0.key < $1.key }
        if json {
            let partitions = ranges.map { partition, range in
                JSONValue.object([
                    "partition": .integer(Int(partition)), "low": .integer(Int(range.low)),
                    "high": .integer(Int(range.high)),
                ])
            }
            let all = settings.compactMapValues { $0.value.map(JSONValue.string) }
            let told: JSONValue = .object([
                "topic": .string(topic), "partitions": .array(partitions), "settings": .object(all),
            ])
            return Output.result(told.jsonText)
        }
        let style = Style.standardOutput
        let header = ["PARTITION", "FIRST", "NEXT", "RECORDS"].map { TextTable.Cell(text: $0, paint: style.faint) }
        var table = TextTable([.right, .right, .right, .right], header: header)
        for (partition, range) in ranges {
            table.add([
                "\(partition)", "\(range.low)", "\(range.high)", NumberText.grouped(Int(range.high - range.low)),
            ])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
        for (name, setting) in changed { Output.result("\(name)=\(setting.value ?? "")") }
    }
}

/// `martlet stream topics create`.
struct StreamTopicsCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a topic.")

    @Argument(help: "The topic.")
    var topic: String

    @Option(help: ArgumentHelp("How many partitions; the server's default without it.", valueName: "count"))
    var partitions: Int?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A setting, as in cleanup.policy=compact; may come more than once.", valueName: "key=value")
    )
    var settings: [String] = []

    @OptionGroup var options: StreamOptions

    func run() async throws {
        let pairs = try SettingPair.parse(settings)
        try await options.withCluster { cluster in
            try await cluster.admin().createTopics([
                KafkaAdmin.NewTopic(topic, partitions: partitions, configuration: pairs)
            ])
        }
        Output.talk("made topic \(topic)")
    }
}

/// `martlet stream topics set`.
struct StreamTopicsSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change settings of a topic, or give it more partitions."
    )

    @Argument(help: "The topic.")
    var topic: String

    @Argument(help: ArgumentHelp("Settings, as in retention.ms=86400000.", valueName: "key=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("How many partitions it has from now on; never fewer.", valueName: "count"))
    var partitions: Int?

    @OptionGroup var options: StreamOptions

    func run() async throws {
        let pairs = try SettingPair.parse(settings)
        guard !pairs.isEmpty || partitions != nil else {
            throw MartletError(
                .commandLineInvalid,
                "nothing is to be changed",
                remedy: "name settings, or --partitions"
            )
        }
        try await options.withCluster { cluster in
            let admin = try cluster.admin()
            if let partitions { try await admin.createPartitions(of: topic, total: partitions) }
            if !pairs.isEmpty {
                // The whole set, with what was changed before: clients of any version can do that.
                let known = try await admin.configuration(of: .topic(topic))
                let before = known.filter { !$0.value.isDefault && !$0.value.isReadOnly }.compactMapValues(\.value)
                try await admin.replaceConfiguration(of: .topic(topic), with: before.merging(pairs) { $1 })
            }
        }
        Output.talk("changed topic \(topic)")
    }
}

/// `martlet stream topics delete`.
struct StreamTopicsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete topics with all their records."
    )

    @Argument(help: "The topics.")
    var topics: [String]

    @OptionGroup var options: StreamOptions

    func run() async throws {
        try await options.withCluster { try await $0.admin().deleteTopics(topics) }
        Output.talk("deleted \(topics.joined(separator: ", "))")
    }
}

/// Settings on a command line.
enum SettingPair {
    /// Reads `key=value` texts.
    ///
    /// - Throws: ``MartletError`` MT1019 for one without an equals sign.
    static func parse(_ texts: [String]) throws(MartletError) -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw MartletError(.commandLineInvalid, "\"\(text)\" is no setting", remedy: "write key=value")
            }
            pairs[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        return pairs
    }
}

extension KafkaStreamClient {
    /// The partitions of a topic that has to exist.
    ///
    /// - Throws: ``MartletError`` MT6023 when there is no such topic.
    func existing(_ topic: String) async throws -> [TopicPartition] {
        let partitions = try await partitions(of: topic)
        if partitions.isEmpty {
            throw MartletError(
                .streamRequestRefused,
                "there is no topic \(topic)",
                remedy: "see `martlet stream topics`, or make it with `martlet stream topics create \(topic)`"
            )
        }
        return partitions
    }
}

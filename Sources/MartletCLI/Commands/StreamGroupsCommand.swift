import ArgumentParser
import MartletCore
import MartletKafka
import MartletRuntime

/// `martlet stream groups`.
struct StreamGroupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups",
        abstract: "List consumer groups, or show the members of one."
    )

    @Argument(help: "A group; all are listed without one.")
    var group: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: StreamOptions

    func run() async throws {
        try await options.withCluster { cluster in
            let admin = try cluster.admin()
            if let group { try await show(admin.describe(group: group)) } else { try await list(admin.groups()) }
        }
    }

    private func list(_ groups: [KafkaAdmin.GroupListing]) {
        let sorted = groups.sorted { $0.group < $1.group }
        if json {
            let list = sorted.map { JSONValue.object(["group": .string($0.group), "state": .string($0.state)]) }
            return Output.result(JSONValue.array(list).jsonText)
        }
        if sorted.isEmpty { return Output.talk("no groups yet") }
        let style = Style.standardOutput
        var table = TextTable([.left, .left], header: ["GROUP", "STATE"].map { .init(text: $0, paint: style.faint) })
        for group in sorted { table.add([group.group, group.state]) }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }

    private func show(_ group: KafkaAdmin.GroupDescription) {
        if json {
            let members = group.members.map { member in
                JSONValue.object([
                    "id": .string(member.memberID), "client": .string(member.clientID), "host": .string(member.host),
                    "instance": member.instance.map(JSONValue.string) ?? .null,
                    "partitions": .array(member.partitions.sorted().map { .string($0.description) }),
                ])
            }
            let told: JSONValue = .object([
                "group": .string(group.group), "state": .string(group.state), "assignor": .string(group.assignor),
                "members": .array(members),
            ])
            return Output.result(told.jsonText)
        }
        Output.result("\(group.group)  \(group.state)\(group.assignor.isEmpty ? "" : ", \(group.assignor)")")
        let style = Style.standardOutput
        let header = ["MEMBER", "HOST", "PARTITIONS"].map { TextTable.Cell(text: $0, paint: style.faint) }
        var table = TextTable([.left, .left, .left], header: header)
        for member in group.members {
            let partitions = member.partitions.sorted().map(\.description).joined(separator: " ")
            table.add([member.instance ?? member.memberID, member.host, partitions])
        }
        if !group.members.isEmpty { Output.result(table.lines().joined(separator: "\n")) }
    }
}

/// `martlet stream lag`.
struct StreamLagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lag",
        abstract: "Show how far groups are behind, in records and in time.",
        discussion: """
            The lag in time is the age of the first record that the group has not
            done: how old what comes out of it is.
            """
    )

    @Argument(help: "Groups; all without any.")
    var groups: [String] = []

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: StreamOptions

    /// How far one group is behind in one partition.
    private struct Lag {
        var group: String
        var partition: TopicPartition
        var committed: Int64
        var end: Int64
        /// Seconds since the first record that is not done was made.
        var seconds: Double?

        var records: Int64 { max(0, end - committed) }
    }

    func run() async throws {
        let lags = try await options.withCluster { cluster in
            let (admin, client) = (try cluster.admin(), try cluster.client())
            var names = groups
            if names.isEmpty { names = try await admin.groups().map(\.group).sorted() }
            var lags: [Lag] = []
            for name in names {
                for (partition, committed) in try await admin.offsets(of: name).sorted(by: { $0.key < $1.key }) {
                    let range = try await client.offsets(of: partition)
                    var lag = Lag(group: name, partition: partition, committed: committed.offset, end: range.high)
                    if lag.records > 0 { lag.seconds = try await age(of: partition, committed.offset, client) }
                    lags.append(lag)
                }
            }
            return lags
        }
        if json { return Output.result(JSONValue.array(lags.map(Self.json)).jsonText) }
        if lags.isEmpty { return Output.talk("no group has committed anything") }
        let style = Style.standardOutput
        let header = ["GROUP", "PARTITION", "COMMITTED", "END", "LAG", "IN TIME"]
        var table = TextTable(
            [.left, .left, .right, .right, .right, .right],
            header: header.map { TextTable.Cell(text: $0, paint: style.faint) }
        )
        for lag in lags {
            let time = lag.seconds.map { Duration.seconds($0).shortText } ?? (lag.records == 0 ? "0s" : "")
            table.add([
                lag.group, lag.partition.description, "\(lag.committed)", "\(lag.end)",
                NumberText.grouped(Int(lag.records)), time,
            ])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }

    /// Seconds since the record at an offset was made.
    private func age(
        of partition: TopicPartition,
        _ offset: Int64,
        _ client: KafkaStreamClient
    ) async throws -> Double? {
        let source = try await client.open(
            SourceRequest(group: "martlet-lag", assignment: .partitions([partition: offset]), batchRecords: 1)
        )
        var time: Int64?
        loop: while let event = try await source.next() {
            switch event {
            case .batch(let batch):
                time = batch.timestamp(at: 0)
                break loop
            case .reachedEnd: break loop
            default: continue
            }
        }
        await source.close()
        guard let time, time >= 0 else { return nil }
        return max(0, Double(SystemTime().now.microseconds / 1_000 - time) / 1_000)
    }

    private static func json(_ lag: Lag) -> JSONValue {
        .object([
            "group": .string(lag.group), "topic": .string(lag.partition.topic),
            "partition": .integer(Int(lag.partition.partition)), "committed": .integer(Int(lag.committed)),
            "end": .integer(Int(lag.end)), "lag": .integer(Int(lag.records)),
            "lag_seconds": lag.seconds.map(JSONValue.number) ?? .null,
        ])
    }
}

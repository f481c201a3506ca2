import Foundation
import MartletCore
import MartletKafka
import MartletRuntime
import MartletSQLite
import MartletStreams

/// A process to be killed: runs a stream from a broker into a database or a topic until somebody ends it, or to the end
/// of its input.
///
/// Arguments: the broker, the input, `sqlite` or `topic`, the database or the folder for states, `end` or `forever`.
@main
struct CrashRunner {
    struct Wall: TimeSource {
        var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }
    }

    static let definition = StreamDefinition(
        name: "crash",
        source: StreamInput(
            fields: [StreamField("at", .timestamp), StreamField("name", .text), StreamField("value", .integer)],
            timeField: "at"
        ),
        key: ["name"],
        window: .tumbling(.seconds(10)),
        aggregates: [AggregateSpec("count", .count), AggregateSpec("total", .sum, of: "value")]
    )

    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count == 6 else { exit(64) }
        do {
            let timer = StreamTimer(clock: .continuous, wallTime: Wall())
            let plan = try StreamPlan(definition)
            let configuration = KafkaConfiguration(bootstrapServers: arguments[1])
            let library = try KafkaLibrary.load(environment: ProcessInfo.processInfo.environment)
            let client = try KafkaStreamClient(library, configuration)
            let store: any StreamResultStore
            if arguments[3] == "sqlite" {
                let shape = ResultShape(plan)
                store = SQLiteResultStore(
                    path: arguments[4],
                    stream: "crash",
                    table: .init("results", key: shape.key, values: shape.values, windowText: shape.windowText)
                )
            } else {
                store = TopicResultStore(
                    client: client,
                    input: arguments[2],
                    output: "out",
                    deadLetters: "dead",
                    group: "crash",
                    shape: ResultShape(plan),
                    folder: arguments[4],
                    writer: "w\(UInt64.random(in: 0...UInt64.max))",
                    timer: timer
                )
            }
            let isEnd = arguments[5] == "end"
            let runner = StreamRunner(
                plan: plan,
                topic: arguments[2],
                client: client,
                store: store,
                options: StreamRunnerOptions(
                    group: "crash",
                    until: isEnd ? .end : .forever,
                    closesWindows: isEnd,
                    commitInterval: .milliseconds(20),
                    batchRecords: 500
                ),
                timer: timer
            )
            _ = try await runner.run()
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }
}

import Foundation
import MartletCore
import MartletStreams
import MartletTestKit
import Synchronization

@testable import MartletRuntime

/// Definitions, records and runs for tests of the runner.
enum RunnerSamples {
    static let fields = [
        StreamField("at", .timestamp), StreamField("name", .text), StreamField("value", .integer),
    ]

    static func definition(
        _ window: WindowSpec? = .tumbling(.seconds(10)),
        disorder: EventSpan = .zero,
        idleTimeout: EventSpan? = nil,
        filter: String? = nil
    ) -> StreamDefinition {
        StreamDefinition(
            name: "sample",
            source: StreamInput(
                fields: fields,
                timeField: "at",
                disorder: disorder,
                idleTimeout: idleTimeout
            ),
            filter: filter,
            key: window == nil ? [] : ["name"],
            window: window,
            aggregates: window == nil
                ? [] : [AggregateSpec("count", .count), AggregateSpec("total", .sum, of: "value")]
        )
    }

    static func json(_ seconds: Int64, _ name: String, _ value: Int64) -> [UInt8] {
        Array(#"{"at":\#(seconds * 1000),"name":"\#(name)","value":\#(value)}"#.utf8)
    }

    /// Sends records to partitions of the topic `in`.
    static func send(_ streams: InMemoryStreams, _ records: [(partition: Int32, value: [UInt8]?)]) async throws {
        let sink = try await streams.open(SinkRequest())
        var packed = OutgoingRecords()
        for record in records {
            packed.append(
                to: "in",
                partition: record.partition,
                key: Array("k".utf8),
                value: record.value,
                timestamp: 1_700_000_000_000
            )
        }
        try (await sink.send(packed)).check()
        await sink.close()
    }

    static func options(
        _ until: StreamRunnerOptions.Until = .end,
        closesWindows: Bool = true,
        start: SourceRequest.Start = .earliest
    ) -> StreamRunnerOptions {
        StreamRunnerOptions(
            group: "g",
            start: start,
            until: until,
            closesWindows: closesWindows,
            retries: 3
        )
    }

    static func timer(_ clock: ManualClock) -> StreamTimer { StreamTimer(clock: clock, wallTime: clock.wallTime) }

    /// Counts of names by window start in seconds, as in `a 10: 3 of 12`.
    static func counts(_ contents: InMemoryResultStore.Contents) -> [String] {
        contents.panes.map { pane in
            guard case .text(let name)? = pane.key.first, case .integer(let count)? = pane.values.first,
                case .integer(let total)? = pane.values.last
            else { return "?" }
            return "\(name) \(pane.window.start / 1_000_000): \(count) of \(total)"
        }
    }
}

/// Keeps what a runner tells.
final class StreamWitness: StreamRunObserver {
    private let state = Mutex<(statuses: [StreamRunStatus], notices: [StreamRunNotice])>(([], []))

    var statuses: [StreamRunStatus] { state.withLock(\.statuses) }
    var notices: [StreamRunNotice] { state.withLock(\.notices) }

    func stands(_ status: StreamRunStatus) { state.withLock { $0.statuses.append(status) } }
    func notices(_ notice: StreamRunNotice) { state.withLock { $0.notices.append(notice) } }
}

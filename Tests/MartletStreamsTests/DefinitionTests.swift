import FoundationEssentials
import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Definitions", .tags(.machine))
struct DefinitionTests {
    private func sample() -> StreamDefinition {
        StreamDefinition(
            name: "delays",
            source: StreamInput(
                fields: [StreamField("at", .timestamp), StreamField("carrier", .text), StreamField("delay", .double)],
                timeField: "at",
                disorder: .seconds(90),
                idleTimeout: .milliseconds(1500)
            ),
            filter: "delay is not null",
            derived: [DerivedColumn("late", "delay > 15")],
            key: ["carrier"],
            window: .hopping(.seconds(3600), every: .seconds(600)),
            allowedLateness: EventSpan(microseconds: 250),
            aggregates: [AggregateSpec("flights", .count), AggregateSpec("mean", .average, of: "delay")],
            emit: .onWatermark
        )
    }

    @Test func readsAsJSON() throws {
        let text = """
            {"name": "delays", "filter": "delay is not null", "key": ["carrier"], "emit": "on_watermark",
             "source": {"fields": [{"name": "at", "type": "timestamp"}, {"name": "carrier", "type": "text"},
                                   {"name": "delay", "type": "double"}],
                        "time": "at", "disorder": "1m30s", "idle_after": "1s500ms"},
             "columns": [{"name": "late", "expression": "delay > 15"}],
             "window": {"kind": "hopping", "size": "1h", "slide": "10m"}, "lateness": "0.250ms",
             "aggregates": [{"name": "flights", "function": "count"},
                            {"name": "mean", "function": "avg", "of": "delay"}]}
            """
        let read = try JSONDecoder().decode(StreamDefinition.self, from: Data(text.utf8))
        #expect(read == sample())
        let again = try JSONDecoder().decode(StreamDefinition.self, from: try JSONEncoder().encode(read))
        #expect(again == read)
    }

    @Test(
        arguments: [
            (0, "0ms"), (1, "0.001ms"), (1000, "1ms"), (1_500_000, "1s500ms"), (90_061_000_250, "1d1h1m1s0.250ms"),
            (315_360_000_000_000, "3650d"),
        ] as [(Int64, String)]
    )
    func spansAreExact(_ microseconds: Int64, _ text: String) throws {
        let span = EventSpan(microseconds: microseconds)
        #expect(span.description == text)
        let data = try JSONEncoder().encode([span])
        #expect(try JSONDecoder().decode([EventSpan].self, from: data) == [span])
    }

    @Test func plans() throws {
        let plan = try StreamPlan(sample())
        #expect(plan.resultFields.key == [StreamField("carrier", .text)])
        #expect(plan.resultFields.values == [StreamField("flights", .integer), StreamField("mean", .double)])
        #expect(plan.fingerprint.count == 32)
        var other = sample()
        other.allowedLateness = EventSpan(microseconds: 251)
        #expect(try StreamPlan(other).fingerprint != plan.fingerprint)
        #expect(try StreamPlan(sample()).fingerprint == plan.fingerprint)
    }

    struct Fault: Sendable {
        var words: String
        var code: ErrorCode
        var change: @Sendable (inout StreamDefinition) -> Void

        init(
            _ words: String,
            _ code: ErrorCode = .streamDefinitionInvalid,
            _ change: @escaping @Sendable (inout StreamDefinition) -> Void
        ) {
            self.words = words
            self.code = code
            self.change = change
        }
    }

    static let faults: [Fault] = [
        Fault("has no name") { $0.name = "" }, Fault("has no columns") { $0.source.fields = [] },
        Fault("two of its columns are called carrier") { $0.derived = [DerivedColumn("carrier", "1")] },
        Fault("are called carrier") { $0.aggregates = [AggregateSpec("carrier", .count)] },
        Fault("did you mean at?") { $0.source.timeField = "att" },
        Fault("time field carrier is of type text") { $0.source.timeField = "carrier" },
        Fault("did you mean carrier?") { $0.key = ["carier"] },
        Fault("filter is of type double") { $0.filter = "delay" },
        Fault("there is no column dely", .streamExpressionInvalid) { $0.filter = "dely > 1" },
        Fault("filter", .streamExpressionUnreadable) { $0.filter = "delay >" },
        Fault("no sum of text") { $0.aggregates = [AggregateSpec("x", .sum, of: "carrier")] },
        Fault("no max of nothing") { $0.aggregates = [AggregateSpec("x", .maximum)] },
        Fault("is an interval") { $0.derived = [DerivedColumn("x", "at - at")] },
        Fault("of an interval") { $0.aggregates = [AggregateSpec("x", .maximum, of: "at - at")] },
        Fault("aggregates but no window") { $0.window = nil },
        Fault("window but no aggregates") { $0.aggregates = [] },
        Fault("needs a size") { $0.window = WindowSpec(kind: .tumbling) },
        Fault("needs a gap") { $0.window = WindowSpec(kind: .session, size: .seconds(1)) },
        Fault("needs a slide") { $0.window = WindowSpec(kind: .hopping, size: .seconds(1)) },
        Fault("more than their size") { $0.window = .hopping(.seconds(1), every: .seconds(2)) },
        Fault("slices") { $0.window = .hopping(.seconds(100), every: EventSpan(microseconds: 7)) },
        Fault("only a session") { $0.window = WindowSpec(kind: .tumbling, size: .seconds(1), gap: .seconds(1)) },
        Fault("no slide") { $0.window = WindowSpec(kind: .tumbling, size: .seconds(1), slide: .seconds(1)) },
        Fault("longer than ten years") { $0.allowedLateness = .seconds(400_000_000) },
    ]

    @Test(arguments: faults.indices)
    func faultsAreTold(_ index: Int) {
        let fault = Self.faults[index]
        var definition = sample()
        fault.change(&definition)
        let error = #expect(throws: MartletError.self) { try StreamPlan(definition) }
        #expect(error?.code == fault.code)
        #expect(error?.description.contains(fault.words) == true, "\(String(describing: error))")
    }

    @Test func batchesThatDoNotFit() throws {
        let task = StreamTask(try StreamPlan(sample()))
        let wall = StreamSamples.wall
        let texts = StreamColumn(.texts(TextColumn(["a"])))
        let wrong = try StreamBatch(partition: 0, columns: [texts, texts, texts], timestamps: [0])
        #expect(throws: MartletError.self) { try task.process(wrong, wallTime: wall) }
        let few = try StreamBatch(partition: 0, columns: [texts], timestamps: [0])
        #expect(throws: MartletError.self) { try task.process(few, wallTime: wall) }
        #expect(task.counters == StreamCounters())
        for (offsets, next) in [
            ([1, 1], nil), ([2, 1], nil), ([-1, 0], nil), ([0], nil), ([4, 5], 5), ([0, .max], nil),
        ]
            as [([Int64], Int64?)]
        {
            #expect(throws: MartletError.self) {
                try StreamBatch(partition: 0, columns: [], timestamps: [0, 0], offsets: offsets, nextOffset: next)
            }
        }
        #expect(throws: MartletError.self) { try StreamBatch(partition: 0, columns: [texts], timestamps: []) }
    }
}

import MartletCore
import Testing

@testable import Martlet

/// Streams in pipelines that are written in Swift.
struct StreamTests {
    @Test func streamsBecomeSteps() throws {
        let delays = StreamDefinition(
            name: "delays",
            source: StreamInput(fields: [StreamField("carrier", .text), StreamField("delay", .double)]),
            key: ["carrier"],
            window: .tumbling(.seconds(3_600)),
            aggregates: [AggregateSpec("flights", .count), AggregateSpec("mean_delay", .average, of: "delay")]
        )
        let pipeline = Pipeline("live") { p in
            p.stream("live", delays, from: "topic:flights", to: "sqlite:features.db", until: .forever)
            p.trigger("score", StreamTrigger(command: "python3 score.py", model: "v2"), from: "flights", to: "scores")
        }
        let manifest = pipeline.manifest
        let json = try JSONText.decode(JSONValue.self, from: JSONText.encode(manifest))
        let live = json["steps"]?[0]?["action"]?["stream"]
        #expect(live?["from"] == "topic:flights" && live?["until"] == "forever")
        #expect(live?["definition"]?["window"]?["size"] == "1h")
        let score = json["steps"]?[1]?["action"]?["stream"]
        #expect(score?["trigger"]?["command"] == "python3 score.py" && score?["to"] == "topic:scores")
    }
}

extension JSONValue {
    /// An element of a list.
    fileprivate subscript(index: Int) -> JSONValue? {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }
}

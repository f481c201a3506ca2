import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Testing

/// `martlet stream` as people use it: the built program, its own log server, real flights.
@Suite(.tags(.endToEnd), .timeLimit(.minutes(30))) struct StreamTests {
    private static let definition = """
        source:
          fields: { carrier: text, dep_delay: double, time_hour: timestamp }
          time: time_hour
          disorder: 1h
        columns:
          late: dep_delay >= 15
        key: [carrier]
        window: { tumbling: 1d }
        aggregates:
          flights: count
          departed: count(dep_delay)
          mean_delay: avg(dep_delay)
          worst: max(dep_delay)

        """
    private let project: TestProject

    init() throws {
        project = try TestProject()
        let flights = try String(
            contentsOfFile: "\(MartletProgram.repository)/Tests/Fixtures/flights/flights.csv",
            encoding: .utf8
        )
        try project.write("flights.csv", flights.replacing(",NA,", with: ",,"))
        try FileManager.default.createDirectory(atPath: "\(project.path)/streams", withIntermediateDirectories: true)
        try project.write("streams/delays.yaml", Self.definition)
    }

    @discardableResult
    private func stream(_ arguments: String..., expecting status: Int32 = 0) async throws -> MartletProgram.Result {
        let result = try await MartletProgram.run(["stream"] + arguments, in: project.path)
        #expect(result.status == status, "\(arguments): \(result.talk) \(result.output)")
        return result
    }

    private func produce(_ topic: String) async throws {
        try await stream("produce", topic, "--from", "flights.csv", "--key", "carrier", "--time", "time_hour")
    }

    /// The rows of a CSV file, ordered.
    private func rows(_ name: String) -> [String] {
        project.read(name).split(separator: "\n").dropFirst().map(String.init).sorted()
    }

    @Test func whatIsProducedIsConsumed() async throws {
        try await produce("flights")
        let topics = try await stream("topics", "--json").json
        #expect(topics == [["topic": "flights", "partitions": 1, "records": 2_000]])
        let first = try await stream("consume", "flights", "--until", "end", "--limit", "1", "--json").json
        #expect(first["key"] == "WN" && first["value"]?["flight"] == 145 && first["timestamp"] == 1_357_660_800_000)
        let all = try await stream("consume", "flights", "--until", "end", "--group", "audit").output
        #expect(all.split(separator: "\n").count == 2_000)
        // The group has read everything, so that there is nothing more for it.
        let rest = try await stream("consume", "flights", "--until", "end", "--group", "audit")
        #expect(rest.output.isEmpty)
        let lag = try await stream("lag", "audit", "--json").json
        #expect(lag[0]?["committed"] == 2_000 && lag[0]?["lag"] == 0)
        try await stream("topics", "delete", "flights")
        let left = try await stream("topics", "--json").json
        #expect(left == [])
    }

    @Test func streamAndBackfillAreTheSameRowByRow() async throws {
        try await produce("flights")
        let live = try await stream(
            "run",
            "streams/delays.yaml",
            "--from",
            "topic:flights",
            "--to",
            "live.csv",
            "--until",
            "end",
            "--close-windows",
            "--json"
        )
        .json
        #expect(live["records"] == 2_000 && live["ended"] == "end")
        try await stream("run", "streams/delays.yaml", "--from", "flights.csv", "--to", "stored.csv")
        try await stream("run", "streams/delays.yaml", "--from", "flights.csv", "--to", "stored.parquet")
        let results = rows("live.csv")
        #expect(results.count > 300 && live["results"] == .integer(results.count))
        let stored = rows("stored.csv")
        #expect(results == stored)
        // What was known at the time of each flight, and nothing later: the same from either file.
        for features in ["stored.csv", "stored.parquet"] {
            let joined = try await MartletProgram.run(
                [
                    "features", "join", "--entities", "flights.csv", "--time", "time_hour", "--features", features,
                    "--definition", "streams/delays.yaml", "--to", "\(features).joined.csv",
                ],
                in: project.path
            )
            #expect(joined.status == 0, "\(joined.talk)")
        }
        let joined = rows("stored.csv.joined.csv")
        #expect(joined.count == 2_000)
        #expect(joined.contains { !$0.hasSuffix(",,,,,,,") })
    }

    /// However often it is killed, every record counts once.
    @Test func killedAtRandomInstantsEveryRecordCountsOnce() async throws {
        try await produce("flights")
        try await stream("run", "streams/delays.yaml", "--from", "flights.csv", "--to", "expected.csv")
        let server = try MartletProgram.start(["stream", "serve", "--listen", "127.0.0.1:0"], in: project.path)
        defer { kill(server.process.processIdentifier, SIGTERM) }
        let arguments = [
            "stream", "run", "streams/delays.yaml", "--from", "topic:flights", "--to", "topic:delays", "--until", "end",
            "--commit-every", "1ms",
        ]
        for _ in 0..<12 {
            let running = try MartletProgram.start(arguments, in: project.path)
            // The instant is the point of this test: real time, and any of it.
            usleep(UInt32.random(in: 20_000...400_000))
            kill(running.process.processIdentifier, SIGKILL)
            _ = try await running.result()
        }
        let last = try await MartletProgram.run(arguments + ["--close-windows"], in: project.path)
        #expect(last.status == 0, "\(last.talk)")
        let values = try await stream("consume", "delays", "--until", "end", "--json").output.split(separator: "\n")
        var seen: [String: String] = [:]
        for line in values {
            let value = try JSONText.decode(JSONValue.self, from: String(line))["value"]
            let place = "\(value?["carrier"]?.stringValue ?? "") \(value?["window_start"]?.stringValue ?? "")"
            #expect(
                seen.updateValue("\(value?["flights"]?.jsonText ?? "")", forKey: place) == nil,
                "\(place) came twice"
            )
        }
        let expected = rows("expected.csv").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(seen == Dictionary(uniqueKeysWithValues: expected.map { ("\($0[0]) \($0[1])", String($0[3])) }))
    }

    @Test func aPipelineReplaysComputesAndScores() async throws {
        try project.write(
            "score.py",
            """
            import json, sys
            for line in sys.stdin:
                event = json.loads(line)
                if event["value"]["dep_delay"] is None:
                    print(json.dumps({"error": "it did not depart"}), flush=True)
                else:
                    print(json.dumps({"late": event["value"]["dep_delay"] >= 15}), flush=True)

            """
        )
        try project.write(
            "pipelines/live.yaml",
            """
            pipeline: live
            sources: { flights: flights.csv }
            steps:
              - id: replay
                command: >-
                  "\(MartletProgram.path)" stream produce flights --from {{ inputs.flights }} --key carrier
                  --time time_hour
                inputs: { flights: flights }
              - id: live
                stream:
                  definition: streams/delays.yaml
                  from: topic:flights
                  to: sqlite:.martlet/live.db
                  close_windows: true
                after: [replay]
              - id: stored
                stream: { definition: streams/delays.yaml, from: "{{ inputs.flights }}", to: "{{ outputs.delays }}" }
                inputs: { flights: flights }
                outputs: { delays: { dataset: delays, format: csv } }
              - id: score
                stream:
                  trigger: { command: python3 score.py, model: v1, batch: 500 }
                  from: topic:flights
                  to: topic:scores
                after: [replay]

            """
        )
        let run = try await project.martlet("run", "live", "--json", "-q")
        #expect(run.status == 0, "\(run.talk)")
        let scores = try await stream("consume", "scores", "--until", "end").output.split(separator: "\n").count
        let dead = try await stream("consume", "scores.dead", "--until", "end").output.split(separator: "\n").count
        // 139 of these flights were cancelled.
        #expect(scores == 1_861 && dead == 139)
        // Dead letters go back once, as they were.
        let replayed = try await stream("replay", "scores.dead", "--to", "again", "--json").json
        #expect(replayed["replayed"] == 139 && replayed["unreadable"] == 0)
        let again = try await stream("consume", "again", "--until", "end", "--json").output.split(separator: "\n")
        #expect(again.count == 139 && !again.contains { $0.contains("martlet.dead") })
        #expect(try await stream("replay", "scores.dead", "--to", "again", "--json").json["replayed"] == 0)
    }

    @Test func wrongRequestsSayWhatAndWhere() async throws {
        try project.write("streams/bad.yaml", Self.definition.replacing("avg(dep_delay)", with: "avg(dep_dely)"))
        let unknown = try await stream("run", "streams/bad.yaml", "--from", "flights.csv", expecting: 2)
        #expect(unknown.talk.contains("streams/bad.yaml:12:15") && unknown.talk.contains("did you mean dep_delay?"))
        let column = try await stream("run", "streams/delays.yaml", "--from", "streams/none.csv", expecting: 2)
        #expect(column.talk.contains("none.csv"))
        let topic = try await stream("consume", "nothing", "--until", "end", expecting: 1)
        #expect(topic.talk.contains("there is no topic nothing"))
        let scheme = try await stream("topics", "--broker", "amqp://user:secret@host", expecting: 2)
        #expect(scheme.talk.contains("MT8006") && !scheme.talk.contains("secret"))
        let away = try await stream("serve", "--listen", "0.0.0.0:0", expecting: 2)
        #expect(away.talk.contains("MT6018") && away.talk.contains("127.0.0.1"))
    }
}

extension JSONValue {
    /// An element of a list.
    fileprivate subscript(index: Int) -> JSONValue? {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }
}

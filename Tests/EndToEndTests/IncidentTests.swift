import Foundation
import MartletCore
import MartletTestKit
import Testing

/// Incidents from a process that was killed, handled on the command line.
@Suite(.tags(.endToEnd), .timeLimit(.minutes(30)))
struct IncidentTests {
    private static let sender = (MartletProgram.path as NSString).deletingLastPathComponent + "/incident-sender"

    private static let project = """
        project: flights
        state: sqlite:state.db
        notifiers:
          receiver: { command: [sh, -c, "cat >> told.jsonl"] }
        incidents:
          routes: [{ notify: [receiver] }]
        """

    @Test func whatAKilledProcessKeptIsHandledAndTold() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(Self.project.utf8).write(to: URL(fileURLWithPath: "\(folder)/martlet.yaml"))
        func martlet(_ arguments: String...) async throws -> MartletProgram.Result {
            try await MartletProgram.run(["incidents"] + arguments, in: folder)
        }
        func told() throws -> [String] {
            guard let text = try? String(contentsOfFile: "\(folder)/told.jsonl", encoding: .utf8) else { return [] }
            return try text.split(separator: "\n").compactMap { line in
                try JSONText.decode(Alert.self, from: String(line)).incident?.kind.rawValue
            }
        }

        #expect(try await martlet("list").talk.contains("nothing is wrong"))
        let killed = try MartletProgram.start(
            [folder, "webhook", "http://127.0.0.1:9", "keep", "unique(id)"],
            in: folder,
            program: Self.sender
        )
        #expect(try await killed.result().status == SIGKILL)
        let listed = try await martlet("list", "--json").json
        guard case .array(let incidents) = listed else {
            Issue.record("it is \(listed.jsonText)")
            return
        }
        #expect(incidents.count == 1)
        #expect(incidents.first?["state"] == "firing")
        #expect(incidents.first?["dataset"] == "flights/raw")
        let id = try #require(incidents.first?["id"]?.stringValue)
        #expect(try await martlet("list").output.contains(id))

        // Any command that changes something tells what is to be told.
        #expect(try await martlet("note", "latest", "--note", "looking").status == 0)
        #expect(try told() == ["trigger"])
        #expect(try await martlet("ack", id, "--note", "on it").output.contains("acknowledged"))
        let again = try await martlet("ack", id)
        #expect(again.status == 2)
        #expect(again.talk.contains("MT5051"))
        #expect(try await martlet("snooze", id, "--for", "soon").status == 2)
        #expect(try await martlet("silence", "datset=x", "--for", "1h", "--reason", "r").talk.contains("did you mean"))
        let silence = try await martlet("silence", "dataset=flights/*", "--for", "1h", "--reason", "moving", "--json")
        #expect(try silence.json["id"] == 1)
        #expect(try await martlet("silences").output.contains("moving"))
        #expect(try await martlet("list").output.contains("silence 1"))
        #expect(try await martlet("unsilence", "1").status == 0)
        #expect(try await martlet("unsilence", "1").talk.contains("MT5050"))
        #expect(try await martlet("resolve", "latest", "--note", "reloaded").status == 0)
        #expect(try told() == ["trigger", "acknowledged", "resolved"])
        #expect(try await martlet("label", id, "--as", "true-positive").status == 0)
        let shown = try await martlet("show", id, "--json").json
        #expect(shown["state"] == "resolved")
        #expect(shown["label"] == "true_positive")
        #expect(shown["time_to_resolve_seconds"]?.doubleValue.map { $0 >= 0 } == true)
        guard case .array(let events)? = shown["events"] else {
            Issue.record("there is no timeline")
            return
        }
        let kinds = events.compactMap { $0["kind"]?.stringValue }
        #expect(kinds.first == "opened" && kinds.contains("acknowledged") && kinds.last == "labelled")
        #expect(try await martlet("show", id).output.contains("reloaded"))
        #expect(try await martlet("show", "nothing").status == 2)
        #expect(try await martlet("deliveries").talk.contains("none"))
        // The log of alerts has them too, each once.
        let log = try String(contentsOfFile: "\(folder)/.martlet/alerts.jsonl", encoding: .utf8)
        #expect(log.split(separator: "\n").count == 3)
    }

    private static let pipeline = """
        pipeline: etl
        owner: ada
        steps:
          - id: load
            command: cp "$SOURCE" "$MARTLET_OUTPUT_FLIGHTS"
            env: { SOURCE: "{{ FOLDER }}/data.csv" }
            outputs: { flights: { dataset: flights/raw, format: csv } }
            cache: false
          - id: check
            check: flights.json
            inputs: { data: flights/raw }
        """

    /// Runs without a scheduler: the first failure is told, the second is not, the mend is.
    @Test func runsTellOfFailuresOnceAndOfTheirEnds() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: "\(folder)/pipelines", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        func told() throws -> [IncidentNotice] {
            guard let text = try? String(contentsOfFile: "\(folder)/told.jsonl", encoding: .utf8) else { return [] }
            return try text.split(separator: "\n").compactMap { line in
                try JSONText.decode(Alert.self, from: String(line)).incident
            }
        }
        func run() async throws -> Int32 { try await MartletProgram.run(["run", "etl", "--quiet"], in: folder).status }

        try write(Self.project, to: "martlet.yaml")
        let pipeline = Self.pipeline.replacing("{{ FOLDER }}", with: folder)
        try write(pipeline, to: "pipelines/etl.yaml")
        try write(
            #"{"name": "flights", "expectations": [{"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}}]}"#,
            to: "flights.json"
        )
        try write("id\n1\n2\n", to: "data.csv")
        #expect(try await run() == 0)
        #expect(try told().isEmpty)
        try write("id\n1\n1\n2\n", to: "data.csv")
        #expect(try await run() == 1)
        try write("id\n1\n1\n3\n", to: "data.csv")
        #expect(try await run() == 1)
        let trigger = try #require(try told().first)
        #expect(try told().count == 1)
        #expect(trigger.kind == .trigger)
        #expect(trigger.owners == ["ada"])
        let item = try #require(trigger.items.first)
        #expect(item.failure.dataset.rawValue == "flights/raw")
        #expect(item.failure.data.commit != nil)
        #expect(item.lastGood?.data.commit != nil)
        #expect(item.lastGood?.data.commit != item.failure.data.commit)
        try write("id\n4\n5\n", to: "data.csv")
        #expect(try await run() == 0)
        #expect(try told().map(\.kind) == [.trigger, .resolved])
        let listed = try await MartletProgram.run(["incidents", "list", "--all", "--json"], in: folder).json
        guard case .array(let incidents) = listed else { return }
        #expect(incidents.map { $0["failures"] } == [2])
        #expect(incidents.map { $0["state"] } == ["resolved"])
    }
}

import Foundation
import MartletCore
import MartletTestKit
import Testing

/// `martlet variables`, `connections`, `pools` and `secrets` as people use them.
@Suite(.tags(.endToEnd)) struct SettingsTests {
    private let project: TestProject

    init() throws { project = try TestProject() }

    /// Runs `martlet` with `input` on its standard input.
    private func martlet(
        _ arguments: [String],
        input: String,
        environment: [String: String] = [:]
    ) async throws -> MartletProgram.Result {
        let line = #"printf '%s' "$0" | "$@""#
        let call = try MartletProgram.start(
            ["-c", line, input, MartletProgram.path] + arguments,
            in: project.path,
            environment: environment,
            program: "/bin/sh"
        )
        return try await call.result()
    }

    private func storedBytes() -> Data {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(project.path)/.martlet")) ?? []
        return files.filter { $0.hasPrefix("martlet.db") }.reduce(Data()) { bytes, file in
            bytes + (FileManager.default.contents(atPath: "\(project.path)/.martlet/\(file)") ?? Data())
        }
    }

    /// From `set` to a step's log, by the built program alone.
    @Test func aRunTellsNoSecret() async throws {
        _ = try await martlet(["variables", "set", "token", "--secret", "--stdin"], input: "correct horse")
        _ = try await martlet(["connections", "set", "db", "--stdin"], input: "mysql://ada:battery%20staple@h")
        let line = #"""
            echo "{{ vars.token }} at {{ connections.db.host }}, $MARTLET_VAR_REGION"
            echo "$MARTLET_CONN_DB"
            env | grep -c -e MARTLET_SECRET_KEY -e MARTLET_VAR_OTHER -e AIRFLOW_
            echo '{"type":"value","name":"v","value":"'"$MARTLET_VAR_TOKEN"'"}' >> "$MARTLET_MESSAGES"
            """#
        let step = StepManifest(
            id: StepID(trusted: "s"),
            action: .command(CommandAction(shell: line)),
            variables: [VariableName(trusted: "token"), VariableName(trusted: "region")],
            connections: [ConnectionID(trusted: "db")]
        )
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: [step])
        try project.write("p.json", JSONText.encode(manifest))
        let environment = ["MARTLET_VAR_REGION": "eu", "MARTLET_VAR_OTHER": "x", "AIRFLOW_CONN_X": "x://h"]
        let run = try await project.martlet("run", "p.json", "--json", environment: environment)
        #expect(run.status == 0, "\(run.talk)")
        #expect(run.output.contains(#""v":"***""#))
        let log = try await project.martlet("runs", "log", "latest", "s")
        #expect(log.output == "*** at h, eu\nmysql://ada:***@h\n0\n")
        let shown = try await project.martlet("runs", "show", "latest", "--events", "--json")
        for text in [run.output + run.talk, shown.output + shown.talk, String(decoding: storedBytes(), as: UTF8.self)] {
            #expect(!text.contains("correct horse") && !text.contains("battery"))
        }
        // The former run is shown as it was, and the next one says what is missing.
        #expect(try await project.martlet("variables", "delete", "token").status == 0)
        let failed = try await project.martlet("run", "p.json", environment: environment)
        #expect(failed.status == 1 && failed.output.contains("MT2040"), "\(failed.output)")
    }

    @Test func variablesAreSetReadAndDeleted() async throws {
        let empty = try await project.martlet("variables", "list", "--json")
        #expect(empty.status == 0 && empty.output == "[]\n")
        #expect(try await project.martlet("variables", "set", "region", "eu", "--description", "where").status == 0)
        let limits = try await project.martlet("variables", "set", "limits", #"{"rows": 10}"#, "--json")
        let expected: JSONValue = [
            "name": "limits", "secret": false, "value": ["rows": 10], "description": .null,
        ]
        #expect(try limits.json == expected)
        #expect(try await project.martlet("variables", "get", "limits").output == "{\"rows\":10}\n")
        #expect(try await project.martlet("variables", "set", "zip", "01234").status == 0)
        #expect(try await project.martlet("variables", "set", "n", "42", "--text").status == 0)
        let list = try await project.martlet("variables", "list", "--json").json
        #expect(
            list
                == .array([
                    expected, ["name": "n", "secret": false, "value": "42", "description": .null],
                    ["name": "region", "secret": false, "value": "eu", "description": "where"],
                    ["name": "zip", "secret": false, "value": "01234", "description": .null],
                ])
        )
        // The description stays when only the value is set.
        let again = try await project.martlet("variables", "set", "region", "us", "--json").json
        #expect(again["description"] == "where" && again["value"] == "us")
        let wrong = try await project.martlet("variables", "delete", "region", "regoin", "--json")
        #expect(wrong.status == 2 && wrong.output.contains("MT1045") && wrong.talk.contains("did you mean region?"))
        #expect(
            try await project.martlet("variables", "delete", "region", "zip", "--json").json == [
                "deleted": ["region", "zip"]
            ]
        )
        #expect(try await project.martlet("variables", "get", "region").status == 2)
        for bad in [["a b", "1"], ["a"], ["a", "1", "--stdin"], ["a", "--file", "/nowhere"]] {
            #expect(try await MartletProgram.run(["variables", "set"] + bad, in: project.path).status == 2, "\(bad)")
        }
    }

    @Test func secretsStayOutOfHistoryFilesAndLists() async throws {
        let refused = try await project.martlet("variables", "set", "token", "hunter2", "--secret")
        #expect(refused.status == 2 && refused.talk.contains("--stdin"))
        let plain = try await martlet(["variables", "set", "token", "--stdin"], input: "hunter2")
        #expect(plain.status == 0 && plain.talk.contains("sounds like a secret"))
        #expect(storedBytes().range(of: Data("hunter2".utf8)) != nil)
        #expect(
            try await martlet(["variables", "set", "token", "--stdin", "--secret"], input: "hunter2\n").status == 0
        )
        // Nor does the former, plain value stay in some free place of the file.
        #expect(storedBytes().range(of: Data("hunter2".utf8)) == nil)
        for arguments in [["list"], ["list", "--json"], ["get", "token"], ["get", "token", "--json"], ["export"]] {
            let result = try await MartletProgram.run(["variables"] + arguments, in: project.path)
            #expect(result.status == 0 && !(result.output + result.talk).contains("hunter2"), "\(arguments)")
        }
        #expect(try await project.martlet("variables", "get", "token", "--reveal").output == "hunter2\n")
        // A secret stays one until it is said otherwise.
        try project.write("other.txt", "swordfish\n")
        #expect(try await project.martlet("variables", "set", "token", "--file", "other.txt").status == 0)
        #expect(try await project.martlet("variables", "get", "token", "--json").json["value"] == "***")
        #expect(try await project.martlet("variables", "get", "token", "--reveal").output == "swordfish\n")
        #expect(try await project.martlet("variables", "set", "token", "--no-secret", "x").status == 0)
        #expect(try await project.martlet("variables", "get", "token").output == "x\n")
        let short = try await martlet(["variables", "set", "pin", "--secret", "--stdin"], input: "12")
        #expect(short.talk.contains("fewer than 3 characters"))
    }

    @Test func variablesGoOutAndIn() async throws {
        // As Airflow exports them.
        let text =
            #"{"region": "eu", "limits": {"rows": 1}, "api_token": "hunter2", "n": {"value": 5, "description": "d"}}"#
        try project.write("airflow.json", text)
        #expect(
            try await project.martlet("variables", "import", "airflow.json", "--json").json == [
                "imported": 4, "skipped": 0,
            ]
        )
        #expect(try await project.martlet("variables", "get", "api_token", "--json").json["value"] == "***")
        #expect(try await project.martlet("variables", "get", "n", "--json").json["description"] == "d")
        let hidden = try await project.martlet("variables", "export")
        #expect(hidden.talk.contains("api_token") && !hidden.output.contains("hunter2"))
        let made = try await project.martlet("variables", "export", "all.json", "--reveal", "--json")
        #expect(try made.json == ["file": "all.json", "exported": 4, "left_out": []])
        let permissions = try FileManager.default.attributesOfItem(atPath: "\(project.path)/all.json")[
            .posixPermissions
        ]
        #expect((permissions as? NSNumber)?.intValue == 0o600)
        #expect(try await project.martlet("variables", "export", "all.json").status == 2)
        let before = try await project.martlet("variables", "export", "--reveal").output
        #expect(try await project.martlet("variables", "delete", "region", "limits", "api_token", "n").status == 0)
        #expect(try await project.martlet("variables", "import", "all.json").status == 0)
        #expect(try await project.martlet("variables", "export", "--reveal").output == before)
        try project.write("more.json", #"{"region": "us", "new": 1}"#)
        let failed = try await project.martlet("variables", "import", "more.json", "--existing", "fail")
        #expect(failed.status == 2 && failed.talk.contains("MT1007"))
        let skipped = try await project.martlet("variables", "import", "more.json", "--existing", "skip", "--json")
        #expect(try skipped.json == ["imported": 1, "skipped": 1])
        #expect(try await project.martlet("variables", "get", "region").output == "eu\n")
        for bad in ["[1]", "{", #"{"a b": 1}"#] {
            try project.write("bad.json", bad)
            #expect(try await project.martlet("variables", "import", "bad.json").status == 2)
        }
    }

    @Test func theEnvironmentComesFirst() async throws {
        #expect(try await project.martlet("variables", "set", "region", "eu").status == 0)
        let ours = try await project.martlet(
            "variables",
            "get",
            "region",
            "--json",
            environment: ["MARTLET_VAR_REGION": "us"]
        )
        #expect(try ours.json["value"] == "us" && ours.json["source"] == "environment")
        let theirs = try await project.martlet("variables", "get", "region", environment: ["AIRFLOW_VAR_REGION": "ap"])
        #expect(theirs.output == "ap\n")
        let connection = try await project.martlet(
            "connections",
            "get",
            "db",
            environment: ["AIRFLOW_CONN_DB": #"{"conn_type": "mysql", "host": "h", "password": "hunter2"}"#]
        )
        #expect(connection.output == "mysql://:***@h\n")
    }

    @Test func connectionsAreSetReadTestedAndDeleted() async throws {
        let uri = "postgres://ada:hunter%402@localhost:1/main?sslmode=require"
        let set = try await martlet(["connections", "set", "wh", "--stdin", "--description", "d"], input: uri + "\n")
        #expect(set.status == 0 && !set.talk.contains("hunter"))
        #expect(storedBytes().range(of: Data("hunter".utf8)) == nil)
        #expect(storedBytes().range(of: Data("require".utf8)) == nil)
        #expect(
            try await project.martlet("connections", "get", "wh").output
                == "postgres://ada:***@localhost:1/main?sslmode=***\n"
        )
        #expect(try await project.martlet("connections", "get", "wh", "--reveal").output == uri + "\n")
        let json = try await project.martlet("connections", "get", "wh", "--json").json
        #expect(json["password"] == "***" && json["extra"] == ["sslmode": "***"] && json["source"] == "store")
        #expect(json["description"] == "d" && json["port"] == 1)
        let fields = ["--type", "mysql", "--host", "db", "--login", "ada", "--password-stdin", "--json"]
        let other = try await martlet(["connections", "set", "other"] + fields, input: "swordfish")
        #expect(try other.json["password"] == "***" && !other.output.contains("swordfish"))
        #expect(
            try await project.martlet("connections", "get", "other", "--reveal").output == "mysql://ada:swordfish@db\n"
        )
        let list = try await project.martlet("connections", "list", "--json")
        guard case .array(let listed) = try list.json else {
            Issue.record("no list")
            return
        }
        #expect(listed.map { $0["id"] } == ["other", "wh"] && listed.map { $0["has_extra"] } == [false, true])
        #expect(!list.output.contains("swordfish"))
        for bad in [
            ["--uri", uri], ["--uri", "x://h?token=1"], ["--type", "x", "--stdin"], [], ["--type", "x", "--port", "0"],
            ["--host", "h"], ["--uri", "nonsense"],
        ] {
            let result = try await MartletProgram.run(["connections", "set", "bad"] + bad, in: project.path)
            #expect(result.status == 2 && !(result.talk + result.output).contains("hunter"), "\(bad)")
        }
        #expect(try await project.martlet("connections", "set", "plain", "--uri", "http://h").status == 0)
        // Nothing listens on port 1.
        let test = try await project.martlet("connections", "test", "wh", "--json")
        #expect(test.status == 1 && test.output.contains("MT2043"))
        #expect(try await project.martlet("connections", "set", "lake", "--type", "aws").status == 0)
        let untestable = try await project.martlet("connections", "test", "lake")
        #expect(untestable.status == 2 && untestable.talk.contains("MT2044"))
        #expect(
            try await project.martlet("connections", "delete", "lake", "plain", "--json").json == [
                "deleted": ["lake", "plain"]
            ]
        )
        #expect(try await project.martlet("connections", "delete", "lake").talk.contains("MT1046"))
    }

    @Test func connectionsGoOutAndIn() async throws {
        let text = #"""
            {"a": "mysql://ada:hunter2@h/db", "b": {"conn_type": "http", "host": "h", "extra": "{\"k\": [1]}", "login": ""}}
            """#
        try project.write("airflow.json", text)
        #expect(
            try await project.martlet("connections", "import", "airflow.json", "--json").json == [
                "imported": 2, "skipped": 0,
            ]
        )
        let hidden = try await project.martlet("connections", "export")
        #expect(!hidden.output.contains("hunter2") && !hidden.output.contains("[") && hidden.talk.contains("a, b"))
        let all = try await project.martlet("connections", "export", "--reveal").output
        try project.write("all.json", all)
        #expect(try await project.martlet("connections", "delete", "a", "b").status == 0)
        #expect(try await project.martlet("connections", "import", "all.json").status == 0)
        #expect(try await project.martlet("connections", "export", "--reveal").output == all)
        #expect(
            try await project.martlet("connections", "get", "b", "--reveal").output
                == "http://h/?__extra__=%7B%22k%22%3A%5B1%5D%7D\n"
        )
    }

    @Test func aConnectionThatAnswersIsTested() async throws {
        let listener = try Listener()
        #expect(
            try await project.martlet("connections", "set", "up", "--uri", "tcp://127.0.0.1:\(listener.port)").status
                == 0
        )
        let test = try await project.martlet("connections", "test", "up", "--json")
        #expect(test.status == 0)
        #expect(try test.json["reachable"] == true && test.json["port"] == .integer(listener.port))
    }

    @Test func poolsAreListedSetAndDeleted() async throws {
        let standard: JSONValue = [
            "name": "default_pool", "slots": 128, "description": "The pool of steps that name none",
            "include_deferred": false,
        ]
        #expect(try await project.martlet("pools", "list", "--json").json == .array([standard]))
        let gpu = try await project.martlet(
            "pools",
            "set",
            "gpu",
            "2",
            "--description",
            "cards",
            "--include-deferred",
            "--json"
        )
        #expect(try gpu.json == ["name": "gpu", "slots": 2, "description": "cards", "include_deferred": true])
        // What is not given stays as it was.
        let more = try await project.martlet("pools", "set", "gpu", "-1", "--json")
        #expect(try more.json == ["name": "gpu", "slots": -1, "description": "cards", "include_deferred": true])
        #expect(try await project.martlet("pools", "set", "api", "unlimited", "--json").json["slots"] == -1)
        #expect(try await project.martlet("pools", "set", "default_pool", "0").status == 0)
        for bad in [["gpu"], ["gpu", "x"], ["gpu", "-2"], ["gpu", "1", "2"], ["g p u", "1"], ["gpu", "1000001"]] {
            #expect(try await MartletProgram.run(["pools", "set"] + bad, in: project.path).status == 2, "\(bad)")
        }
        let refused = try await project.martlet("pools", "delete", "gpu", "default_pool")
        #expect(refused.status == 2 && refused.talk.contains("MT1049"))
        #expect(try await project.martlet("pools", "delete", "gpuu").talk.contains("did you mean gpu?"))
        #expect(try await project.martlet("pools", "delete", "gpu", "--json").json == ["deleted": ["gpu"]])
        let text = try await project.martlet("pools", "list").output
        #expect(text.contains("unlimited") && !text.contains("gpu"))
    }

    @Test func theKeyIsRotatedAndMissed() async throws {
        #expect(try await project.martlet("secrets", "key", "--json").json["keys"] == .array([]))
        #expect(try await project.martlet("secrets", "rotate").status == 0)
        _ = try await martlet(["variables", "set", "token", "--secret", "--stdin"], input: "hunter2")
        let before = try await project.martlet("secrets", "key", "--json").json
        let rotation = try await project.martlet("secrets", "rotate", "--json").json
        #expect(rotation["resealed"] == 1 && rotation["new_key"] == true)
        let after = try await project.martlet("secrets", "key", "--json").json
        #expect(after["keys"] != before["keys"] && after["missing"] == .array([]))
        #expect(try await project.martlet("variables", "get", "token", "--reveal").output == "hunter2\n")

        let new = try await project.martlet("secrets", "key", "--new", "--json").json
        let other = ["MARTLET_SECRET_KEY": new["key"]?.stringValue ?? ""]
        let wrong = try await project.martlet("variables", "get", "token", "--reveal", environment: other)
        #expect(wrong.status == 2 && wrong.talk.contains("MT1042") && wrong.output.isEmpty)
        // What needs no key works without: lists and masked values.
        #expect(try await project.martlet("variables", "get", "token", environment: other).output == "***\n")
        let report = try await project.martlet("secrets", "key", "--json", environment: other)
        #expect(report.status == 1)
        #expect(try report.json["missing"] == .array([rotation["key"] ?? .null]))

        let key = "\(project.path)/.martlet/secret.key"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        #expect(try await project.martlet("variables", "get", "token", "--reveal").talk.contains("MT1043"))
        try FileManager.default.removeItem(atPath: key)
        let missing = try await project.martlet("variables", "get", "token", "--reveal", "--json")
        #expect(missing.status == 2 && missing.output.contains("MT1041"))
        #expect(!FileManager.default.fileExists(atPath: key))
    }
}

/// A TCP port of this machine that answers.
private final class Listener {
    let port: Int
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && listen(descriptor, 4) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        try #require(isListening)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { first, _ in first })
    }

    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

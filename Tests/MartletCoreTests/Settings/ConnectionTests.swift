import MartletCore
import MartletTestKit
import Testing

/// Connections as URIs and JSON; the URIs are those that Airflow reads and writes.
@Suite(.tags(.machine)) struct ConnectionTests {
    private let id = ConnectionID(trusted: "c")

    private func connection(
        _ type: String,
        host: String? = nil,
        port: Int? = nil,
        login: String? = nil,
        password: String? = nil,
        schema: String? = nil,
        extra: [String: JSONValue] = [:]
    ) throws -> Connection {
        try Connection(
            id: id,
            type: type,
            host: host,
            port: port,
            login: login,
            password: password,
            schema: schema,
            extra: extra
        )
    }

    @Test func urisAreReadAndWritten() throws {
        let table: [(uri: String, Connection)] = [
            (
                "postgres://ada:p%40ss%2Fword@db.example.com:5432/main?sslmode=require",
                try connection(
                    "postgres",
                    host: "db.example.com",
                    port: 5432,
                    login: "ada",
                    password: "p@ss/word",
                    schema: "main",
                    extra: ["sslmode": "require"]
                )
            ),
            ("http://", try connection("http")),
            ("mysql://host", try connection("mysql", host: "host")),
            ("mysql://host/db", try connection("mysql", host: "host", schema: "db")),
            ("google-cloud-platform://", try connection("google_cloud_platform")),
            ("redis://:secret@cache", try connection("redis", host: "cache", password: "secret")),
            ("redis://@:6379", try connection("redis", port: 6379)),
            ("fs:///data", try connection("fs", schema: "data")),
            ("fs:///%2Fdata%2Fx", try connection("fs", schema: "/data/x")),
            ("ftp://ada@host:21", try connection("ftp", host: "host", port: 21, login: "ada")),
            ("http://https://example.com", try connection("http", host: "https://example.com")),
            (
                "http://https://ada:x%3Ay@example.com%2Fpath:8443/s",
                try connection(
                    "http",
                    host: "https://example.com/path",
                    port: 8443,
                    login: "ada",
                    password: "x:y",
                    schema: "s"
                )
            ),
            ("http://http%3A%2F%2Fexample.com", try connection("http", host: "http://example.com")),
            ("x://%3A%3A1:80", try connection("x", host: "::1", port: 80)),
            (
                "aws://key:sec%2Bret@/?region_name=eu-west-1&x=a%20b",
                try connection(
                    "aws",
                    login: "key",
                    password: "sec+ret",
                    extra: ["region_name": "eu-west-1", "x": "a b"]
                )
            ),
            (
                "aws:///?__extra__=%7B%22n%22%3A1%2C%22on%22%3Atrue%7D",
                try connection("aws", extra: ["n": 1, "on": true])
            ),
            ("a://h/?k=", try connection("a", host: "h", extra: ["k": ""])),
            ("a://%E6%97%A5%20%25", try connection("a", host: "日 %")),
        ]
        for (uri, expected) in table {
            #expect(try Connection(id: id, uri: uri) == expected, "\(uri)")
            #expect(expected.uri == uri)
        }
    }

    /// What others write differently, and Airflow reads too.
    @Test func urisAreReadInOtherSpellings() throws {
        let table: [(uri: String, Connection)] = [
            ("PostgreSQL://h", try connection("postgres", host: "h")),
            ("my_type://h", try connection("my_type", host: "h")),
            ("x://[::1]:80", try connection("x", host: "::1", port: 80)),
            ("x://u:p@ss@h", try connection("x", host: "h", login: "u", password: "p@ss")),
            ("x://u:a:b@h/", try connection("x", host: "h", login: "u", password: "a:b")),
            ("x://h?a=b+c&&d", try connection("x", host: "h", extra: ["a": "b c", "d": ""])),
            ("x://a%zzb", try connection("x", host: "a%zzb")),
            ("x://h/a/b", try connection("x", host: "h", schema: "a/b")),
            ("x://h?__extra__={\"k\":[1]}", try connection("x", host: "h", extra: ["k": .array([1])])),
        ]
        for (uri, expected) in table { #expect(try Connection(id: id, uri: uri) == expected, "\(uri)") }
    }

    @Test(arguments: [
        "", "no-scheme", "://h", "1x://h", "x://h:port", "x://h:70000", "x://h:0", "x://u:hunter2#x@h", "x://%ff",
        "x://h?__extra__=hunter2", "x://h?__extra__=[1]", "x y://h",
    ])
    func wrongURIsAreRefusedWithoutRepeatingThem(_ uri: String) {
        let error = #expect(throws: MartletError.self) { try Connection(id: id, uri: uri) }
        #expect(error?.code == .connectionInvalid)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func aURIOfAConnectionIsReadBackAsTheSame() throws {
        for seed in 1...UInt64(500) {
            var random = SeededGenerator(seed: seed)
            func text() -> String? { random.next() % 3 == 0 ? nil : random.nastyText() }
            var extra: [String: JSONValue] = [:]
            for _ in 0..<(random.next() % 3) {
                extra[random.nastyText()] = random.next() % 4 == 0 ? 1 : .string(random.nastyText())
            }
            let made = try connection(
                ["http", "my_type", "x+y"][Int(random.next() % 3)],
                host: text(),
                port: random.next() % 2 == 0 ? nil : Int(random.next() % 65_535) + 1,
                login: text(),
                password: text(),
                schema: text(),
                extra: extra
            )
            #expect(try Connection(id: id, uri: made.uri) == made, "seed \(seed): \(made.uri)")
            #expect(try Connection(id: id, json: fields(of: made)) == made, "seed \(seed)")
        }
    }

    private func fields(of connection: Connection) -> JSONValue {
        guard case .object(var fields) = connection.json(revealed: true) else { return .null }
        fields["uri"] = nil
        return .object(fields)
    }

    @Test func maskedFormsShowNoSecret() throws {
        let full = try connection(
            "aws",
            host: "h",
            login: "ada",
            password: "hunter2",
            extra: ["token": "hunter2", "nested": .object(["deep": "hunter2"])]
        )
        #expect(full.maskedURI == "aws://ada:***@h/?nested=***&token=***")
        #expect(!full.json(revealed: false).jsonText.contains("hunter2"))
        #expect(full.json(revealed: true).jsonText.contains("hunter2"))
        #expect(!String(reflecting: full).contains("hunter2"))
        #expect(try connection("aws").json(revealed: false)["password"] == .null)
    }

    @Test func jsonIsReadInBothSpellings() throws {
        let expected = try connection("mysql", host: "h", port: 1, login: "l", password: "p", extra: ["a": 1])
        for json in [
            #"{"type":"mysql","host":"h","port":1,"login":"l","password":"p","extra":{"a":1}}"#,
            #"{"conn_type":"mysql","conn_id":"c","host":"h","port":"1","login":"l","password":"p","extra":"{\"a\":1}"}"#,
            #"{"uri":"mysql://l:p@h:1/?__extra__=%7B%22a%22%3A1%7D","type":null}"#,
            expected.uri,
        ] {
            #expect(try Connection(id: id, text: json) == expected, "\(json)")
        }
    }

    @Test(arguments: [
        #"{"typ":"x"}"#, #"{"type":"x","port":"y"}"#, #"{"type":"x","host":[]}"#, #"{"type":"x","extra":1}"#,
        #"{"type":"x","uri":"x://h"}"#, #"{"host":"h"}"#, #"{"type":"x"#, #"{"type":"x","extra":"hunter2"}"#,
    ])
    func wrongJSONIsRefused(_ text: String) {
        let error = #expect(throws: MartletError.self) { try Connection(id: id, text: text) }
        #expect(error?.code == .connectionInvalid)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func whatIsTooLargeIsRefused() {
        let error = #expect(throws: MartletError.self) {
            try connection("x", password: String(repeating: "p", count: Limits.settingBytes + 1))
        }
        #expect(error?.code == .limitExceeded)
    }
}

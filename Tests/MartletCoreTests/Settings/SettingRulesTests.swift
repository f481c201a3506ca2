import MartletCore
import MartletTestKit
import Testing

@Suite(.tags(.machine)) struct SettingRulesTests {
    @Test func namesKeepTheRules() {
        for good in ["region", "a.b-c_d", "9lives", "_x", "AIRFLOW"] {
            #expect(VariableName(rawValue: good) != nil && ConnectionID(rawValue: good) != nil)
            #expect(PoolName(rawValue: good) != nil)
        }
        for bad in ["", ".a", "-a", "a b", "a/b", "é", "a\n", String(repeating: "x", count: 201)] {
            #expect(VariableName(rawValue: bad) == nil && ConnectionID(rawValue: bad) == nil, "\(bad)")
            #expect(PoolName(rawValue: bad) == nil)
        }
        #expect(VariableName(trusted: "etl.my-key").environmentSuffix == "ETL_MY_KEY")
    }

    @Test func textBecomesJSONOnlyWhenNothingIsLost() {
        let table: [(String, JSONValue)] = [
            ("42", 42), ("-1", -1), ("0.5", 0.5), ("true", true), ("false", false), ("{\"a\": 1}", .object(["a": 1])),
            (" [1, 2]", .array([1, 2])), ("", ""), ("text", "text"), ("0123", "0123"), ("1e5", "1e5"), ("1.0", "1.0"),
            ("null", "null"), ("\"quoted\"", "\"quoted\""), (" 42", " 42"), ("{broken", "{broken"), ("+1", "+1"),
            ("12345678901234567890123", "12345678901234567890123"), ("[1] and more", "[1] and more"),
        ]
        for (text, value) in table { #expect(SettingRules.value(from: text) == value, "\(text)") }
        let deep = String(repeating: "[", count: 100_000)
        #expect(SettingRules.value(from: deep) == .string(deep))
    }

    /// A step and a template see the very characters that were set.
    @Test func scalarsKeepTheirCharacters() {
        for seed in 1...UInt64(2_000) {
            var random = SeededGenerator(seed: seed)
            let alphabet = Array("0123456789.eE+-truefalsn \"")
            let text = String(
                (0..<(random.next() % 8)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            )
            if text.contains(where: { $0 == "{" || $0 == "[" }) { continue }
            #expect(SettingRules.value(from: text).displayText == text, "seed \(seed)")
        }
    }

    @Test func tellingNamesSoundSecret() {
        for name in ["api_token", "DB-PASSWORD", "aws.secret.key", "apiKey", "private-key", "GCP_CREDENTIALS"] {
            #expect(SettingRules.soundsSecret(name), "\(name)")
        }
        for name in ["region", "primary_key", "keyboard", "path", "host"] {
            #expect(!SettingRules.soundsSecret(name), "\(name)")
        }
    }

    @Test func poolsHaveSensibleSlots() throws {
        func pool(_ slots: Int) -> Pool { Pool(name: PoolName(trusted: "p"), slots: slots) }
        for slots in [-1, 0, 1, Limits.poolSlots] { try pool(slots).validate() }
        for slots in [-2, Limits.poolSlots + 1] {
            #expect(throws: MartletError.self) { try pool(slots).validate() }
        }
        #expect(pool(-1).isUnlimited && !pool(0).isUnlimited)
    }

    @Test func templatesFindWhatWasAskedFor() throws {
        let connection = try Connection(
            id: ConnectionID(trusted: "wh.main"),
            type: "postgres",
            host: "db",
            password: "pw",
            extra: ["a": .object(["b": "c"])]
        )
        let settings = ResolvedSettings(
            variables: [
                VariableName(trusted: "region"): "eu", VariableName(trusted: "etl"): .object(["x": 1]),
                VariableName(trusted: "etl.conf"): .array([1, 2]),
            ],
            connections: [connection.id: connection]
        )
        let table: [(String, JSONValue?)] = [
            ("vars.region", "eu"), ("vars.etl.x", 1), ("vars.etl.conf.1", 2), ("vars.etl.none", nil), ("vars", nil),
            ("vars.other", nil), ("connections.wh.main.host", "db"), ("connections.wh.main.password", "pw"),
            ("connections.wh.main.extra.a.b", "c"), ("connections.wh.main.login", nil),
            ("connections.wh.main.uri", "postgres://:pw@db/?__extra__=%7B%22a%22%3A%7B%22b%22%3A%22c%22%7D%7D"),
            ("connections.wh", nil), ("other.region", nil),
        ]
        for (name, value) in table {
            #expect(settings.lookup(name.split(separator: ".").map(String.init)) == value, "\(name)")
        }
        let request = SettingsRequest(variables: Array(settings.variables.keys), connections: [connection.id])
        #expect(request.covers(["vars", "etl", "conf", "1"]) && request.covers(["connections", "wh", "main", "host"]))
        #expect(!request.covers(["vars", "regio"]) && !request.covers(["params", "region"]))
        #expect(settings.environment["MARTLET_VAR_ETL_CONF"] == "[1,2]")
        #expect(settings.environment["MARTLET_VAR_REGION"] == "eu")
        #expect(settings.environment["MARTLET_CONN_WH_MAIN"] == connection.uri)
        #expect(!"\(settings)".contains("pw") && !String(reflecting: settings).contains("eu\""))
    }
}

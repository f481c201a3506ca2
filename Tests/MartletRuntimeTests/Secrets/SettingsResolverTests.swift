import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.tags(.machine)) struct SettingsResolverTests {
    let scratch: Scratch
    let store = InMemorySettingsStore()

    init() throws { scratch = try Scratch() }

    private var vault: SettingsVault {
        SettingsVault(store: store, keys: SecretKeySource(environment: [:], projectFile: "\(scratch.path)/key"))
    }

    private func resolve(
        variables: [String] = [],
        connections: [String] = [],
        environment: [String: String] = [:]
    ) async throws(MartletError) -> ResolvedSettings {
        let request = SettingsRequest(
            variables: variables.map { VariableName(trusted: $0) },
            connections: connections.map { ConnectionID(trusted: $0) }
        )
        let resolver = SettingsResolver(environment: SettingsEnvironment(environment), vault: vault)
        return try await resolver.resolve(request, for: StepID(trusted: "s"))
    }

    private func variable(_ name: String, _ value: JSONValue, secret: Bool = false) -> Variable {
        Variable(VariableName(trusted: name), value, isSecret: secret)
    }

    @Test func theEnvironmentComesFirstAndMartletsNameBeforeAirflows() async throws {
        try await vault.set(variables: [variable("a.b", "stored")])
        let all = ["MARTLET_VAR_A_B": "ours", "AIRFLOW_VAR_A_B": "theirs", "AIRFLOW_VAR_A.B": "dotted"]
        for (left, expected) in [
            (all, "ours"), (all.filter { $0.key != "MARTLET_VAR_A_B" }, "theirs"),
            (["AIRFLOW_VAR_A.B": "dotted"], "dotted"), ([:], "stored"),
        ] as [([String: String], JSONValue)] {
            let settings = try await resolve(variables: ["a.b"], environment: left)
            #expect(settings.variables[VariableName(trusted: "a.b")] == expected)
        }
        try await vault.set(connections: [try Connection(id: ConnectionID(trusted: "db"), uri: "mysql://stored")])
        for (environment, host) in [
            ([:], "stored"), (["AIRFLOW_CONN_DB": "mysql://theirs"], "theirs"),
            (["MARTLET_CONN_DB": #"{"conn_type":"mysql","host":"ours"}"#, "AIRFLOW_CONN_DB": "x"], "ours"),
        ] as [([String: String], String)] {
            let settings = try await resolve(connections: ["db"], environment: environment)
            #expect(settings.connections[ConnectionID(trusted: "db")]?.host == host)
        }
    }

    @Test func aStepGetsWhatItAsksForAndNoMore() async throws {
        try await vault.set(variables: [variable("a", 1), variable("b", 2, secret: true)])
        let settings = try await resolve(variables: ["a"])
        #expect(settings.environment == ["MARTLET_VAR_A": "1"] && settings.secrets.isEmpty)
        #expect(try await resolve().environment.isEmpty)
    }

    @Test func secretsAreTold() async throws {
        let document: JSONValue = .object(["user": "ada-l", "pin": 1234, "on": true, "list": .array(["x-y-z"])])
        try await vault.set(
            variables: [
                variable("token", "hunter2", secret: true), variable("doc", document, secret: true),
                variable("flag", true, secret: true), variable("plain", "visible"),
            ],
            connections: [
                try Connection(
                    id: ConnectionID(trusted: "c"),
                    type: "aws",
                    host: "host.example.com",
                    login: "login-name",
                    password: "pass-word",
                    extra: [
                        "sslmode": "require", "region": "eu-west-1", "api_token": "t0k", "n": 12_345, "secret_n": 678,
                        "deep": .object(["password": "p99"]), "json": #"{"private_key":"k-k"}"#,
                    ]
                )
            ]
        )
        let settings = try await resolve(variables: ["token", "doc", "flag", "plain"], connections: ["c"])
        let secrets = Set(settings.secrets)
        #expect(
            secrets == [
                "hunter2", "ada-l", "1234", "x-y-z", document.jsonText, "pass-word", "eu-west-1", "t0k", "678", "p99",
                #"{"private_key":"k-k"}"#, "k-k",
            ]
        )
    }

    @Test func oneOfTheEnvironmentIsASecretByItsRecordOrName() async throws {
        try await vault.set(variables: [variable("code", "x", secret: true), variable("api_token", "x")])
        let environment = [
            "MARTLET_VAR_CODE": "swordfish", "MARTLET_VAR_API_TOKEN": "t-1", "MARTLET_VAR_NEW_TOKEN": "t-2",
        ]
        let settings = try await resolve(variables: ["code", "api_token", "new_token"], environment: environment)
        #expect(settings.secrets == ["swordfish", "t-2"])
    }

    @Test func whatIsNotThereIsNamed() async throws {
        try await vault.set(variables: [variable("region", 1)])
        try await vault.set(connections: [try Connection(id: ConnectionID(trusted: "warehouse"), uri: "x://h")])
        let first = await #expect(throws: MartletError.self) { try await resolve(variables: ["regoin"]) }
        #expect(first?.code == .variableUndefined && first?.remedy == "did you mean region?")
        let second = await #expect(throws: MartletError.self) { try await resolve(connections: ["warehose"]) }
        #expect(second?.code == .connectionUndefined && second?.remedy == "did you mean warehouse?")
        let third = await #expect(throws: MartletError.self) { try await resolve(variables: ["a-b", "a_b"]) }
        #expect(third?.code == .nameDuplicate)
        #expect(try await resolve(variables: ["region", "region"]).environment.count == 1)
        let fourth = await #expect(throws: MartletError.self) {
            try await resolve(connections: ["x"], environment: ["MARTLET_CONN_X": "hunter2"])
        }
        #expect(fourth?.code == .connectionInvalid && fourth?.message.contains("MARTLET_CONN_X") == true)
        #expect(fourth?.description.contains("hunter2") == false)
    }

    @Test func tooMuchSecretTextIsRefused() async throws {
        let text = String(repeating: "x", count: Limits.settingBytes - 10)
        let names = (0..<5).map { "v\($0)" }
        for (index, name) in names.enumerated() {
            try await vault.set(variables: [variable(name, .string(text + "\(index)"), secret: true)])
        }
        let error = await #expect(throws: MartletError.self) { try await resolve(variables: names) }
        #expect(error?.code == .limitExceeded)
    }

    @Test func processesInheritNoSettingsAndNoKey() {
        let environment = [
            "PATH": "/bin", "MARTLET_SECRET_KEY": "k", "MARTLET_SECRET_KEY_FILE": "f", "MARTLET_VAR_A": "1",
            "MARTLET_CONN_A": "x://", "AIRFLOW_VAR_A": "1", "AIRFLOW_CONN_A": "x://", "MARTLET_HOME": "/h",
        ]
        #expect(SettingsEnvironment.withheld(from: environment) == ["PATH": "/bin", "MARTLET_HOME": "/h"])
    }
}

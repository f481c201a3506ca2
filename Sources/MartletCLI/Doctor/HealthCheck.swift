import MartletCore

/// One thing that `martlet doctor` looked at.
struct HealthCheck: Sendable {
    enum State: String, Sendable { case ok, warning, missing }

    var name: String
    var state: State
    /// What was found.
    var detail: String
    /// How to mend it.
    var remedy: String?

    var json: JSONValue {
        .object([
            "name": .string(name), "state": .string(state.rawValue), "detail": .string(detail),
            "remedy": remedy.map(JSONValue.string) ?? .null,
        ])
    }
}

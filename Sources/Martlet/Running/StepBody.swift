import Foundation

/// What a Swift step does, its types forgotten.
struct StepBody: Sendable {
    /// What a body comes to when it does not throw.
    enum Outcome: Sendable {
        case value(JSONValue)
        case nothing
    }

    let run: @Sendable (StepContext) async throws -> Outcome

    init(_ run: @escaping @Sendable (StepContext) async throws -> Outcome) { self.run = run }

    /// `value` if it is small enough to be passed between steps.
    ///
    /// - Throws: `MartletError` MT1016 when it is not.
    static func reportable(_ value: JSONValue, name: PortName, of step: StepID) throws(MartletError) -> JSONValue {
        let bytes = value.jsonText.utf8.count
        if bytes <= Limits.valueBytes { return value }
        throw MartletError(
            .limitExceeded,
            "value \(name) of step \(step) is too large: \(bytes) bytes of JSON",
            reason: "values are copied into every later step; they may have \(Limits.valueBytes) bytes",
            remedy: "write it to a dataset, with writes:, and pass that on"
        )
    }
}

extension PortName {
    /// The name of the value that a Swift step's body returns.
    static let result = PortName(trusted: "result")
}

extension JSONValue {
    /// `value` as JSON.
    ///
    /// - Throws: the encoder's error when `value` cannot be written as JSON, as an infinite number.
    init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }
}

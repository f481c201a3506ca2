import MartletCore

/// How far a check is: done, or waiting for what it has to know.
enum CheckStep: Sendable {
    case done(CheckOutcome)
    /// It goes on with the answers to its needs.
    case needs([Need], then: @Sendable (Answers) throws(CheckFailure) -> CheckStep)

    /// The step after this one, when all that it needs is known; nil when something is not.
    func advanced(_ answers: Answers) -> CheckStep? {
        guard case .needs(let needs, let then) = self, needs.allSatisfy(answers.has) else { return nil }
        do {
            return try then(answers)
        } catch {
            return .failed(error)
        }
    }

    /// A check that could not be made.
    static func failed(_ failure: CheckFailure) -> CheckStep {
        .done(CheckOutcome(success: false, observation: .nothing, failure: failure))
    }

    /// A check that is done, with one value seen.
    static func value(_ success: Bool, _ value: JSONValue?, details: [String: JSONValue] = [:]) -> CheckStep {
        .done(CheckOutcome(success: success, observation: .value(value, details: details)))
    }
}

extension CheckFailure: Error {}

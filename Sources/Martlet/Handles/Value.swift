/// A small value that a step reports and steps after it may use.
///
/// In a template it stands for itself, `"--auc \(auc)"`; in a condition it is compared, `auc >= 0.7`; as the input of
/// a Swift step it arrives as `Content`.
public struct Value<Content: Codable & Sendable> {
    /// The step that reports it.
    public let step: StepID
    /// The name it is reported under.
    public let name: PortName
    /// The members to walk through from there.
    let members: [String]
    /// How it is made of what the instances of a mapped step report; nil for the value of one.
    let gathering: Gathering?

    init(step: StepID, name: PortName, members: [String] = [], gathering: Gathering? = nil) {
        self.step = step
        self.name = name
        self.members = members
        self.gathering = gathering
    }

    /// What stands in a list for an instance that reported nothing, as one that was skipped.
    enum Gathering: Sendable {
        case nothing
        case null
    }

    /// A member of the value: `evaluation.member("auc", \.auc) >= 0.7`.
    ///
    /// - Parameters:
    ///   - name: the member's name in JSON.
    ///   - keyPath: the same member in Swift; it gives the type.
    /// - Returns: the handle of the member.
    public func member<Member: Codable & Sendable>(
        _ name: String,
        _ keyPath: KeyPath<Content, Member>
    ) -> Value<Member> {
        Value<Member>(step: step, name: self.name, members: members + [name])
    }

    /// The value's name in templates, as in `steps.train.values.auc`.
    var path: String { (["steps", step.rawValue, "values", name.rawValue] + members).joined(separator: ".") }
}

/// A handle belongs to the building of a pipeline; the body of a step is given the value itself instead.
@available(*, unavailable)
extension Value: Sendable {}

extension Value: StepReference {
    /// The step that reports the value.
    public var stepID: StepID? { step }
}

extension Value: CustomStringConvertible {
    /// The value as a template, as in `{{ steps.train.values.auc }}`.
    public var description: String { "{{ \(path) }}" }
}

extension Value: ConditionTerm where Content: ConditionScalar {
    /// It is compared with its own type.
    public typealias Scalar = Content
    /// The name in the language of templates.
    public var expression: ConditionText { ConditionText(path) }
}

extension Value: StepInput {
    /// The value itself, as a step's body sees it.
    public func wire(_ wiring: inout StepWiring) -> @Sendable (StepContextDocument) throws -> Content {
        wiring.use(ValueReference(step: step, name: name))
        let (step, name, members, path, gathering) = (step, name, members, path, gathering)
        return { document in
            let reported = document.values[step.rawValue]?[name.rawValue]
            let found = gathering.map { $0.list(reported, members) } ?? members.reduce(reported) { $0?[$1] }
            guard let value = found else {
                throw MartletError(
                    .valueMissing,
                    "step \(document.step) was not given \(path)",
                    reason: "step \(step) ended without reporting it",
                    remedy: "let the step run only when \(step) succeeds, or report the value in every case"
                )
            }
            do {
                return try JSONText.decode(Content.self, from: JSONText.data(value))
            } catch {
                throw MartletError(
                    .valueInvalid,
                    "\(path) is not a \(Content.self)",
                    reason: "it is \(value.jsonText.prefix(200))",
                    remedy: "make the type in Swift fit what step \(step) reports",
                    cause: String(describing: error)
                )
            }
        }
    }
}

extension Value.Gathering {
    /// What the instances reported, or a member of each.
    func list(_ reported: JSONValue?, _ members: [String]) -> JSONValue? {
        guard case .array(let elements)? = reported else { return nil }
        let found = elements.map { element in members.reduce(element) { $0[$1] ?? .null } }
        return .array(self == .null ? found : found.filter { $0 != .null })
    }
}

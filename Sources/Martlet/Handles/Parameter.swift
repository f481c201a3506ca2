/// A parameter of a pipeline's runs.
///
/// In a template it stands for its value, `"--month \(month)"`; in a condition it is compared, `month > 6`; in the
/// body of a step its value is `try context[month]`, or the step takes it as an input.
public struct Parameter<Content: ParameterValue>: Sendable {
    /// The parameter's name.
    public let name: PortName

    var path: String { "params.\(name)" }
}

extension Parameter: CustomStringConvertible {
    /// The parameter as a template, as in `{{ params.month }}`.
    public var description: String { "{{ \(path) }}" }
}

extension Parameter: ConditionTerm {
    /// It is compared with its own type.
    public typealias Scalar = Content
    /// The name in the language of templates.
    public var expression: ConditionText { ConditionText(path) }
}

extension Parameter: StepInput {
    /// The parameter's value, as a step's body sees it.
    public func wire(_ wiring: inout StepWiring) -> @Sendable (StepContextDocument) throws -> Content {
        { document in try value(in: document) }
    }

    func value(in document: StepContextDocument) throws(MartletError) -> Content {
        guard let json = document.params[name.rawValue] else {
            throw MartletError(
                .parameterValueInvalid,
                "the run has no parameter \(name)",
                remedy: "use a parameter of pipeline \(document.pipeline)"
            )
        }
        guard let value = Content(scalarValue: json) else {
            throw MartletError(
                .parameterValueInvalid,
                "parameter \(name) is \(json.jsonText), not a \(Content.self)",
                remedy: "give it a value of type \(Content.parameterKind.rawValue)"
            )
        }
        return value
    }
}

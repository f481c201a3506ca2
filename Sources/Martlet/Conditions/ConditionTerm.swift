/// Something that conditions compare: a ``Value``, a ``Parameter``, the state of a step, or another ``Condition``.
public protocol ConditionTerm<Scalar> {
    /// What it is compared with.
    associatedtype Scalar: ConditionScalar
    /// The term in the language of templates.
    var expression: ConditionText { get }
}

/// A type whose values can be written into a condition.
public protocol ConditionScalar: Codable, Equatable, Sendable {
    /// The value as JSON: a string, a number, true or false.
    var scalarValue: JSONValue { get }
}

extension ConditionScalar {
    /// The value as a literal in the language of templates.
    var literal: ConditionText {
        guard let text = scalarValue.stringValue else { return ConditionText(scalarValue.jsonText) }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return ConditionText("\"\(escaped)\"")
    }
}

/// A piece of a condition in the language of templates, and how tightly it holds together.
public struct ConditionText: Hashable, Sendable {
    /// How tightly an expression holds together, loosest first.
    enum Binding: Int, Comparable {
        case or, and, not, comparison, atom

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    let text: String
    let binding: Binding

    init(_ text: String, binding: Binding = .atom) {
        self.text = text
        self.binding = binding
    }

    /// The text for a place that needs at least this binding: in parentheses if it is looser.
    func text(inside place: Binding) -> String { binding < place ? "(\(text))" : text }
}

/// The state of a step, as a term of conditions.
public struct StepStateTerm: ConditionTerm {
    /// It is compared with states.
    public typealias Scalar = StepState
    let stepID: StepID?
    /// A source has no step; what there is of it is there from the beginning.
    public var expression: ConditionText { ConditionText(stepID.map { "steps.\($0).state" } ?? "\"success\"") }
}

extension StepState: ConditionScalar {
    /// The value as a JSON string.
    public var scalarValue: JSONValue { .string(rawValue) }
}

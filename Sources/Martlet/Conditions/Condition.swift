/// Something that is true or false once the steps before are done: `auc >= 0.7 && !dryRun`.
///
/// It is evaluated by Martlet, between steps, from its text; so it is made only of values, parameters, states and
/// literals.
public struct Condition: ConditionTerm, Sendable {
    /// It is true or false.
    public typealias Scalar = Bool
    /// The condition in the language of templates.
    public let expression: ConditionText

    init(_ text: String, binding: ConditionText.Binding) {
        expression = ConditionText(text, binding: binding)
    }

    init(_ left: ConditionText, _ comparison: String, _ right: ConditionText) {
        self.init(
            "\(left.text(inside: .atom)) \(comparison) \(right.text(inside: .atom))",
            binding: .comparison
        )
    }
}

extension Condition: CustomStringConvertible {
    /// The condition as a template, as in `{{ steps.train.values.auc >= 0.7 }}`.
    public var description: String { template }
}

extension ConditionTerm {
    /// The term as a template of its own.
    var template: String { "{{ \(expression.text) }}" }

    /// Whether the term is `right`.
    public static func == (left: Self, right: Scalar) -> Condition { Condition(left.expression, "==", right.literal) }
    /// Whether two terms are equal.
    public static func == (left: Self, right: some ConditionTerm<Scalar>) -> Condition {
        Condition(left.expression, "==", right.expression)
    }
    /// Whether the term is something other than `right`.
    public static func != (left: Self, right: Scalar) -> Condition { Condition(left.expression, "!=", right.literal) }
    /// Whether two terms differ.
    public static func != (left: Self, right: some ConditionTerm<Scalar>) -> Condition {
        Condition(left.expression, "!=", right.expression)
    }
}

extension ConditionTerm where Scalar: Comparable {
    /// Whether the term is below `right`.
    public static func < (left: Self, right: Scalar) -> Condition { Condition(left.expression, "<", right.literal) }
    /// Whether the left term is below the right one.
    public static func < (left: Self, right: some ConditionTerm<Scalar>) -> Condition {
        Condition(left.expression, "<", right.expression)
    }
    /// Whether the term is at most `right`.
    public static func <= (left: Self, right: Scalar) -> Condition { Condition(left.expression, "<=", right.literal) }
    /// Whether the left term is at most the right one.
    public static func <= (left: Self, right: some ConditionTerm<Scalar>) -> Condition {
        Condition(left.expression, "<=", right.expression)
    }
    /// Whether the term is above `right`.
    public static func > (left: Self, right: Scalar) -> Condition { Condition(left.expression, ">", right.literal) }
    /// Whether the left term is above the right one.
    public static func > (left: Self, right: some ConditionTerm<Scalar>) -> Condition {
        Condition(left.expression, ">", right.expression)
    }
    /// Whether the term is at least `right`.
    public static func >= (left: Self, right: Scalar) -> Condition { Condition(left.expression, ">=", right.literal) }
    /// Whether the left term is at least the right one.
    public static func >= (left: Self, right: some ConditionTerm<Scalar>) -> Condition {
        Condition(left.expression, ">=", right.expression)
    }
}

extension ConditionTerm where Scalar == Bool {
    /// Whether both hold.
    public static func && (left: Self, right: some ConditionTerm<Bool>) -> Condition {
        Condition("\(left.expression.text(inside: .and)) and \(right.expression.text(inside: .and))", binding: .and)
    }
    /// Whether either holds.
    public static func || (left: Self, right: some ConditionTerm<Bool>) -> Condition {
        Condition("\(left.expression.text(inside: .or)) or \(right.expression.text(inside: .or))", binding: .or)
    }
    /// Whether the term does not hold.
    public static prefix func ! (term: Self) -> Condition {
        Condition("not \(term.expression.text(inside: .comparison))", binding: .not)
    }
}

package import MartletCore

/// An expression whose names are columns and whose types fit.
package struct TypedExpression: Hashable, Sendable {
    /// The types inside expressions: those of columns, lengths of time, and that of a bare `null`.
    package enum Kind: Hashable, Sendable {
        case value(StreamType)
        /// Microseconds.
        case interval
        case null

        var name: String {
            switch self {
            case .value(let type): type.rawValue
            case .interval: "interval"
            case .null: "null"
            }
        }
    }

    /// What it is; the parts have the types that the operations need.
    package indirect enum Node: Hashable, Sendable {
        case literal(StreamValue)
        case column(Int)
        case and(TypedExpression, TypedExpression)
        case or(TypedExpression, TypedExpression)
        case not(TypedExpression)
        case isNull(TypedExpression)
        case integers(TypedExpression, StreamExpression.Arithmetic, TypedExpression)
        case doubles(TypedExpression, StreamExpression.Arithmetic, TypedExpression)
        case comparison(TypedExpression, StreamExpression.Comparison, TypedExpression)
        case oneOf(TypedExpression, [TypedExpression])
        case choice([Branch], otherwise: TypedExpression)
        case cast(TypedExpression, StreamType)
        case call(ExpressionFunction, [TypedExpression])
    }

    /// One `WHEN condition THEN value`.
    package struct Branch: Hashable, Sendable {
        var condition: TypedExpression
        var value: TypedExpression
    }

    /// What it is.
    package var node: Node
    /// The type of its values; a bare null counts as text, an interval as a whole number.
    package var kind: Kind

    /// The type of the column that it gives.
    package var type: StreamType {
        switch kind {
        case .value(let type): type
        case .interval: .integer
        case .null: .text
        }
    }
}

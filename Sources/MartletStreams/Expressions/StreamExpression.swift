package import MartletCore

/// An expression as it was written, its names and types not yet looked at.
package struct StreamExpression: Hashable, Sendable {
    /// What it is.
    package indirect enum Node: Hashable, Sendable {
        case literal(StreamValue)
        /// A length of time, in microseconds.
        case interval(Int64)
        case column(String)
        case negated(StreamExpression)
        case not(StreamExpression)
        case and(StreamExpression, StreamExpression)
        case or(StreamExpression, StreamExpression)
        case arithmetic(StreamExpression, Arithmetic, StreamExpression)
        case comparison(StreamExpression, Comparison, StreamExpression)
        case isNull(StreamExpression)
        case oneOf(StreamExpression, [StreamExpression])
        case like(StreamExpression, StreamExpression)
        case choice([Branch], otherwise: StreamExpression?)
        case cast(StreamExpression, StreamType)
        case call(String, [StreamExpression])
    }

    /// One `WHEN condition THEN value`.
    package struct Branch: Hashable, Sendable {
        var condition: StreamExpression
        var value: StreamExpression
    }

    /// The arithmetic operators; `/` always gives a fraction, `//` a whole number.
    package enum Arithmetic: String, Hashable, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case divideWhole = "//"
        case remainder = "%"
    }

    /// The comparisons.
    package enum Comparison: String, Hashable, Sendable {
        case equal = "="
        case notEqual = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    /// What it is.
    package var node: Node
    /// Where it starts, in UTF-8 bytes.
    package var offset: Int
}

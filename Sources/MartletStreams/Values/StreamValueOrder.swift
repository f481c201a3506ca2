package import MartletCore

extension StreamValue {
    /// The order that `min`, `max` and comparisons use: NaN is equal to itself and above every number, text by its
    /// UTF-8 bytes, false before true, null before everything.
    package static func isOrdered(_ left: Self, before right: Self) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left < right
        case (.double(let left), .double(let right)): FloatOrder.isLess(left, right)
        case (.integer(let left), .double(let right)): FloatOrder.isLess(Double(left), right)
        case (.double(let left), .integer(let right)): FloatOrder.isLess(left, Double(right))
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.boolean(let left), .boolean(let right)): !left && right
        case (.timestamp(let left), .timestamp(let right)): left < right
        case (.null, .null): false
        case (.null, _): true
        default: false
        }
    }
}

/// The total order of floating-point numbers that DuckDB and PostgreSQL use: NaN equals NaN and is above all others.
package enum FloatOrder {
    /// Whether `left` is below `right`.
    @inline(__always)
    package static func isLess(_ left: Double, _ right: Double) -> Bool {
        left < right || (right.isNaN && !left.isNaN)
    }

    /// Whether both are the same number.
    @inline(__always)
    package static func isEqual(_ left: Double, _ right: Double) -> Bool {
        left == right || (left.isNaN && right.isNaN)
    }

    /// The one form of equal numbers: no negative zero, one NaN.
    ///
    /// Keys and extremes are kept in it.
    @inline(__always)
    package static func canonical(_ value: Double) -> Double {
        value.isNaN ? .nan : value + 0
    }
}

import Foundation

extension Divergence {
    /// The natural logarithm.
    static func logarithm(_ value: Double) -> Double { log(value) }
    /// The natural logarithm of one more than `value`.
    static func logarithm(onePlus value: Double) -> Double { log1p(value) }
    /// The logarithm to base 2.
    static func logarithm2(_ value: Double) -> Double { log2(value) }
    /// The cube root as a power, as NumPy has it.
    static func cubeRoot(_ value: Double) -> Double { pow(value, 1.0 / 3.0) }
}

extension Divergence {
    /// e to the power of `value`.
    static func exponential(_ value: Double) -> Double { exp(value) }
}

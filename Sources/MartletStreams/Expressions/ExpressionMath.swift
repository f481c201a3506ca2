import MartletCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The functions of the C library that expressions use.
enum ExpressionMath {
    static func ln(_ value: Double) -> Double { log(value) }
    static func exp(_ value: Double) -> Double { naturalExponential(value) }
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}

// Outside the enumeration, where the name is the C library's.
private func naturalExponential(_ value: Double) -> Double { exp(value) }

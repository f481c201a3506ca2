/// Sizes and numbers as Spark's settings write them (`JavaUtils.byteStringAs`).
package enum SparkSize {
    /// Bytes: `64m`, `1g`, `512MB`, `8 GiB`; a number alone counts in `unit`.
    package static func bytes(_ text: String?, unit: Int = 1) -> Int? {
        guard let text else { return nil }
        let trimmed = text.lowercased().filter { $0 != " " && $0 != "_" }
        let digits = trimmed.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(digits), value.isFinite else { return trimmed == "-1" ? -1 : nil }
        let factor: Double
        switch trimmed.dropFirst(digits.count) {
        case "": factor = Double(unit)
        case "b": factor = 1
        case "k", "kb", "kib": factor = 1024
        case "m", "mb", "mib": factor = 1_048_576
        case "g", "gb", "gib": factor = 1_073_741_824
        case "t", "tb", "tib": factor = 1_099_511_627_776
        case "p", "pb", "pib": factor = 1_125_899_906_842_624
        default: return nil
        }
        let result = value * factor
        // No machine has more than a petabyte; sums and products of it stay whole numbers.
        return result < 1e15 ? Int(result) : nil
    }
}

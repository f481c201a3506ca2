/// Control of false discoveries among many tests.
public enum FalseDiscovery {
    /// P-values adjusted as Benjamini and Hochberg do (1995): rejecting those below α keeps the expected share of false
    /// ones among the rejected below α, and the chance of any false one below α when nothing is true.
    ///
    /// - Returns: the adjusted values, in the order given.
    public static func adjusted(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] > values[$1] }
        var result = values
        var least = 1.0
        for (place, index) in order.enumerated() {
            let rank = values.count - place
            least = min(least, values[index] * Double(values.count) / Double(rank))
            result[index] = least
        }
        return result
    }
}

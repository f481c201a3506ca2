/// Whether two samples over the same bins may come from one distribution.
public struct ChiSquaredTest: Codable, Hashable, Sendable {
    /// Pearson's statistic; nil where the exact test of Fisher was made.
    public var statistic: Double?
    /// Merged bins less one.
    public var degrees: Int
    /// The chance of a statistic at least as great without drift.
    public var pValue: Double
    /// Bins after merging those with too few rows.
    public var bins: Int

    /// The fewest expected rows of a bin, on either side, for which the distribution of the statistic is trusted: the
    /// usual rule of five (Cochran 1952).
    public static let leastExpected = 5.0

    /// Tests counts of the same bins; nil when one side has no row.
    ///
    /// Bins with too few expected rows are merged: with the next one when bins are ordered, else into one bin of the
    /// rare. When only two bins are left and one is still too small, Fisher's exact test is made.
    public init?(reference: [Int], data: [Int], isOrdered: Bool) {
        let n = reference.reduce(0, +)
        let m = data.reduce(0, +)
        guard n > 0, m > 0 else { return nil }
        let least = Double(min(n, m)) / Double(n + m)
        let cells = zip(reference, data).map { (left: $0, right: $1) }.filter { $0.left + $0.right > 0 }
        func isLarge(_ cell: (left: Int, right: Int)) -> Bool {
            Double(cell.left + cell.right) * least >= Self.leastExpected
        }
        var merged: [(left: Int, right: Int)] = []
        if cells.count <= 2 {
            merged = cells
        } else if isOrdered {
            var open = (left: 0, right: 0)
            for cell in cells {
                open = (open.left + cell.left, open.right + cell.right)
                if isLarge(open) {
                    merged.append(open)
                    open = (0, 0)
                }
            }
            if open.left + open.right > 0, let last = merged.popLast() {
                merged.append((last.left + open.left, last.right + open.right))
            }
        } else {
            merged = cells.filter(isLarge)
            var rare = cells.filter { !isLarge($0) }
                .reduce((left: 0, right: 0)) { ($0.left + $1.left, $0.right + $1.right) }
            if rare.left + rare.right > 0 {
                // The rare together may still be too few; then the least of the others joins them.
                if !isLarge(rare), merged.count > 1,
                    let smallest = merged.indices.min(by: {
                        merged[$0].left + merged[$0].right < merged[$1].left + merged[$1].right
                    })
                {
                    let cell = merged.remove(at: smallest)
                    rare = (rare.left + cell.left, rare.right + cell.right)
                }
                merged.append(rare)
            }
        }
        bins = max(1, merged.count)
        degrees = bins - 1
        guard merged.count > 1 else {
            statistic = nil
            pValue = 1
            return
        }
        if merged.count == 2, !merged.allSatisfy(isLarge) {
            statistic = nil
            pValue = Probability.fisher(merged[0].left, of: n, merged[0].right, of: m)
            return
        }
        let total = Double(n + m)
        let sum = merged.reduce(0.0) { sum, cell in
            let row = Double(cell.left + cell.right)
            let (left, right) = (row * Double(n) / total, row * Double(m) / total)
            let (a, b) = (Double(cell.left) - left, Double(cell.right) - right)
            return sum + a * a / left + b * b / right
        }
        statistic = sum
        pValue = Probability.chiSquared(atLeast: sum, degrees: degrees)
    }

    private enum CodingKeys: String, CodingKey {
        case statistic, degrees, bins
        case pValue = "p_value"
    }
}

import MartletCore

/// How a column's numbers are spread: exact counts between points.
struct CountedPoints: Hashable, Sendable {
    /// Ascending; the first is the least number and the last the greatest.
    var points: [Double]
    /// How many numbers are above the point before and at or below this one.
    var counts: [Int]
    /// Whether every distinct number is a point.
    var isExact: Bool

    var total: Int { counts.reduce(0, +) }

    /// The distribution of numbers that are all known.
    init(_ numbers: [(value: Double, count: Int)]) {
        points = numbers.map(\.value)
        counts = numbers.map(\.count)
        isExact = true
    }

    /// Counts between points that a sample chose.
    init(points: [Double], counts: [Int]) {
        self.points = points
        self.counts = counts
        isExact = false
    }

    /// The number that a share of all is at or below, and how far the share may be off.
    ///
    /// Of exact counts it is the least such number that occurs, as SQL's discrete percentile; else numbers are taken to
    /// be spread evenly between points.
    func quantile(_ share: Double) -> (value: Double, shareError: Double)? {
        let total = Double(self.total)
        guard total > 0 else { return nil }
        // At least one, so that the share 0 is the least number.
        let rank = max(1, (share * total).rounded(.up))
        var below = 0.0
        for (index, count) in counts.enumerated() where count > 0 {
            let here = below + Double(count)
            if here >= rank {
                if isExact || index == 0 { return (points[index], 0) }
                let part = (share * total - below) / Double(count)
                let width = points[index] - points[index - 1]
                let value = part >= 1 ? points[index] : points[index - 1] + max(0, part) * width
                return (value, part >= 1 ? 0 : Double(count) / total)
            }
            below = here
        }
        return points.last.map { ($0, 0) }
    }

    /// Points at about every `1/bins` of all, the least and the greatest number included.
    ///
    /// Fewer where single numbers fill more than a bin.
    func quantileEdges(_ bins: Int) -> [Double] {
        guard let first = points.first, let last = points.last else { return [] }
        let total = Double(self.total)
        var edges = [first]
        var reached = 0.0
        var step = 1.0
        for (point, count) in zip(points, counts) {
            reached += Double(count)
            guard reached >= step / Double(bins) * total else { continue }
            if point > edges[edges.count - 1] { edges.append(point) }
            step = (reached / total * Double(bins)).rounded(.down) + 1
        }
        if last > edges[edges.count - 1] { edges.append(last) }
        return edges.count == 1 ? [first, last] : edges
    }

    /// How many numbers are above each edge and at or below the next; the first bin has its lower edge as well.
    ///
    /// Exact when edges between points are none, or all points are exact.
    func counts(between edges: [Double]) -> [Int] {
        guard edges.count > 1 else { return [] }
        var result = Array(repeating: 0, count: edges.count - 1)
        var bin = 0
        for (point, count) in zip(points, counts) {
            while bin < result.count - 1, point > edges[bin + 1] { bin += 1 }
            result[bin] += count
        }
        return result
    }
}

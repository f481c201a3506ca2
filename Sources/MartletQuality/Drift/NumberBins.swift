import MartletCore

/// How numbers are put into the bins that are compared: quantiles of the reference, and one bin on either side for what
/// the reference never had.
struct NumberBins: Sendable {
    /// The reference's least and greatest number.
    var low: Double
    var high: Double
    /// About how many bins.
    var bins: Int
    var kind: TableColumn.Kind

    /// Merges counts between points into bins.
    ///
    /// - Parameters:
    ///   - points: ascending; the reference's least and greatest number are among them, or all numbers of both sides.
    ///   - reference: how many are above the point before and at or below this one.
    ///   - data: as `reference`.
    ///   - isExact: whether all numbers of both sides are points.
    /// - Returns: the bins that have rows, ascending.
    func bins(points: [Double], reference: [Int], data: [Int], isExact: Bool) -> [DriftBin] {
        let scale = InstantScale(kind: kind)
        func told(_ number: Double) -> String { scale.value(number).displayText }
        // When both sides together have as few values as bins are asked for, each is a bin of its own.
        if isExact, points.count <= bins {
            return points.indices.map { index in
                DriftBin(
                    kind: reference[index] == 0 ? .unseen : .values,
                    label: told(points[index]),
                    reference: reference[index],
                    data: data[index]
                )
            }
        }
        var counted = CountedPoints(points: points, counts: reference)
        counted.isExact = isExact
        // The first edge is a bin's upper end, too, where it fills one by itself.
        let edges = counted.quantileEdges(bins).filter { $0 >= low && $0 <= high }
        var result: [DriftBin] = []
        var unseen = (below: (0, 0), above: (0, 0))
        var counts = Array(repeating: (reference: 0, data: 0), count: edges.count)
        var bin = 0
        for (index, point) in points.enumerated() {
            if point < low {
                unseen.below = (unseen.below.0 + reference[index], unseen.below.1 + data[index])
            } else if point > high {
                unseen.above = (unseen.above.0 + reference[index], unseen.above.1 + data[index])
            } else {
                while bin < edges.count - 1, point > edges[bin] { bin += 1 }
                counts[bin] = (counts[bin].reference + reference[index], counts[bin].data + data[index])
            }
        }
        func add(_ kind: DriftBin.Kind, _ label: String, _ counts: (Int, Int)) {
            result.append(DriftBin(kind: kind, label: label, reference: counts.0, data: counts.1))
        }
        if unseen.below.0 + unseen.below.1 > 0 { add(.unseen, "below \(told(low))", unseen.below) }
        for (index, edge) in edges.enumerated() where counts[index].reference + counts[index].data > 0 {
            let start = index == 0 ? low : edges[index - 1]
            let label = start == edge ? told(edge) : "\(index == 0 ? "[" : "(")\(told(start)), \(told(edge))]"
            add(.values, label, counts[index])
        }
        if unseen.above.0 + unseen.above.1 > 0 { add(.unseen, "above \(told(high))", unseen.above) }
        return result
    }

    /// Points for lengths from `low` to `high`: each length, or some hundred of them when there are more.
    static func lengths(_ low: Double, _ high: Double) -> [Double] {
        let step = max(1, ((high - low) / 200).rounded(.up))
        return Array(stride(from: low, through: high, by: step)) + [low - 1, high]
    }
}

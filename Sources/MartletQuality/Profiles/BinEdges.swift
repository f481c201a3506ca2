import MartletCore

/// Where bins begin and end.
enum BinEdges {
    /// Edges of `bins` bins of one width, from `low` to `high`.
    ///
    /// Whole numbers get bins of a whole width around them, so that no bin has more of them than its neighbours.
    static func equalWidth(_ low: Double, _ high: Double, bins: Int, isWhole: Bool) -> [Double] {
        guard low < high else { return [low, high] }
        if isWhole, high - low < 0x1p52 {
            let width = max(1, ((high - low + 1) / Double(bins)).rounded(.up))
            let count = Int(((high - low + 1) / width).rounded(.up))
            return (0...count).map { low - 0.5 + Double($0) * width }
        }
        // Each part by itself, as the range of doubles from end to end is no double.
        var edges = (0...bins).map { low * (1 - Double($0) / Double(bins)) + high * (Double($0) / Double(bins)) }
        edges[0] = low
        edges[bins] = high
        return edges
    }

    /// Points at which to count all numbers, chosen from a sample of them.
    ///
    /// Hundredths of the sample, and halves of those towards the ends; numbers that fill a hundredth themselves get a bin of their own.
    ///
    /// - Parameters:
    ///   - sample: some numbers.
    ///   - low: the least of all numbers.
    ///   - high: the greatest of all numbers.
    ///   - extra: numbers that have to be points as well.
    /// - Returns: ascending points, from `low` to `high`.
    static func points(_ sample: [Double], low: Double, high: Double, extra: [Double] = []) -> [Double] {
        let sorted = sample.sorted()
        var points: Set<Double> = [low, high]
        points.formUnion(extra)
        if !sorted.isEmpty {
            for part in 1..<100 { points.insert(sorted[min(sorted.count - 1, sorted.count * part / 100)]) }
            // Finer towards both ends, where few numbers cover long distances.
            var tail = sorted.count / 200
            while tail > 0 {
                points.formUnion([sorted[tail], sorted[sorted.count - 1 - tail]])
                tail /= 2
            }
            var start = 0
            while start < sorted.count {
                var end = start
                while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
                if (end - start) * 100 >= sorted.count, end - start > 1 {
                    points.formUnion([sorted[start].nextDown, sorted[start]])
                }
                start = end
            }
        }
        return points.filter { $0 >= low && $0 <= high }.sorted()
    }
}

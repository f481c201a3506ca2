package import MartletCore

/// A number over time, with the range that was expected.
package struct LineChart: Hashable, Sendable {
    package var points: [Point]
    package var unit: ChartUnit
    /// A range that the axis covers in any case.
    package var range: ClosedRange<Double>?

    /// A number at a time.
    package struct Point: Hashable, Sendable {
        package var time: Timestamp
        /// Nil leaves a gap.
        package var value: Double?
        /// The least that was expected.
        package var lower: Double?
        /// The most that was expected.
        package var upper: Double?
        /// Worse than passed draws a mark.
        package var status: ReportStatus

        /// A point.
        package init(
            time: Timestamp,
            value: Double?,
            lower: Double? = nil,
            upper: Double? = nil,
            status: ReportStatus = .passed
        ) {
            self.time = time
            self.value = value
            self.lower = lower
            self.upper = upper
            self.status = status
        }
    }

    /// A line through `points`, which are in the order of time.
    package init(points: [Point], unit: ChartUnit = .number, range: ClosedRange<Double>? = nil) {
        self.points = points
        self.unit = unit
        self.range = range
    }
}

extension LineChart {
    /// The chart with at most `Limits.reportChartPoints` points: of each group the least and the greatest, and every
    /// point with a mark as long as there is room.
    func thinned() -> LineChart {
        let limit = Limits.reportChartPoints
        guard points.count > limit else { return self }
        let groups = limit / 3 - 1
        var kept: [Int] = []
        for group in 0..<groups {
            let range = (group * points.count / groups)..<((group + 1) * points.count / groups)
            let valued = range.filter { points[$0].value != nil }
            guard let first = valued.first else {
                kept.append(range.lowerBound)
                continue
            }
            var (least, greatest, marked) = (first, first, Int?.none)
            for index in valued {
                if (points[index].value ?? 0) < (points[least].value ?? 0) { least = index }
                if (points[index].value ?? 0) > (points[greatest].value ?? 0) { greatest = index }
                if points[index].status.isBad, marked == nil { marked = index }
            }
            kept += Set([least, greatest, marked ?? least]).sorted()
        }
        // The line begins and ends where the numbers do.
        if kept.first != 0 { kept.insert(0, at: 0) }
        if kept.last != points.count - 1 { kept.append(points.count - 1) }
        var result = self
        result.points = kept.map { points[$0] }
        return result
    }
}

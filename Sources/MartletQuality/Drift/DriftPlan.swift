import MartletCore

/// Over which bins one aspect of a column is compared, and what has to be counted for that.
struct DriftPlan: Sendable {
    var aspect: DriftAspect
    var shape: Shape
    /// Rows on both sides that are in no bin of values.
    var nulls: (reference: Int, data: Int)
    var notFinite: (reference: Int, data: Int)
    /// What pass 3 has to count of the reference; nil when it is known.
    var referenceRequest: BinRequest?
    /// What pass 3 has to count of the data; nil when it is known.
    var dataRequest: BinRequest?

    enum Shape: Sendable {
        /// Every distinct number of both sides is known.
        case numbers(reference: CountedPoints, data: CountedPoints, NumberBins)
        /// Numbers counted between points, the last of which is the reference's greatest or beyond.
        case points([Double], reference: CountedPoints?, data: CountedPoints?, NumberBins)
        /// Categories; a side's counts are of those, and then of all others.
        case categories([SQLValue], reference: [Int]?, data: [Int]?)
        /// Nothing can be compared, and why.
        case nothing(String)
    }

    /// The plans of a column that both sides have.
    static func plans(_ reference: ColumnSummary, _ data: ColumnSummary, bins: Int) -> [DriftPlan] {
        if reference.isBroken || data.isBroken { return [] }
        var plans: [DriftPlan] = []
        func add(_ aspect: DriftAspect, _ shape: Shape, _ left: BinRequest? = nil, _ right: BinRequest? = nil) {
            plans.append(
                DriftPlan(
                    aspect: aspect,
                    shape: shape,
                    nulls: (reference.nullCount, data.nullCount),
                    notFinite: aspect == .lengths ? (0, 0) : (reference.notFiniteCount, data.notFiniteCount),
                    referenceRequest: left,
                    dataRequest: right
                )
            )
        }
        guard reference.valueCount > 0, data.valueCount > 0 else {
            if reference.valueCount + data.valueCount > 0 {
                add(
                    .values,
                    .nothing(reference.valueCount == 0 ? "the reference has no values" : "the data has no values")
                )
            }
            return plans
        }
        if reference.role.isOrdered, data.role.isOrdered {
            let (shape, left, right) = numbers(reference, data, bins: bins)
            add(.values, shape, left, right)
        } else if reference.role.tellsValues, data.role.tellsValues {
            let (shape, left, right) = categories(reference, data)
            add(.values, shape, left, right)
        }
        // Of few values, categories say more than their lengths; booleans and times have none that mean anything.
        var saysLengths = reference.role == .text || reference.role == .sized
        if case .all(let entries) = reference.values, entries.count <= Limits.driftCategories { saysLengths = false }
        if saysLengths, let left = reference.lengths, let right = data.lengths {
            let low = Double(left.minimum)
            let high = Double(left.maximum)
            let all = NumberBins.lengths(low, high)
            let points = (all + [Double(min(left.minimum, right.minimum)), Double(max(left.maximum, right.maximum))])
            let sorted = Set(points).sorted()
            add(
                .lengths,
                .points(
                    sorted,
                    reference: nil,
                    data: nil,
                    NumberBins(low: low, high: high, bins: bins, kind: .integer)
                ),
                .lengths(reference.column, sorted),
                .lengths(data.column, sorted)
            )
        }
        return plans
    }

    private static func numbers(
        _ reference: ColumnSummary,
        _ data: ColumnSummary,
        bins: Int
    ) -> (Shape, BinRequest?, BinRequest?) {
        guard let low = reference.lowest, let high = reference.highest, let least = data.lowest,
            let greatest = data.highest
        else { return (.nothing("one side has no finite values"), nil, nil) }
        let kind = reference.column.kind
        let numberBins = NumberBins(low: low, high: high, bins: bins, kind: kind)
        let left = reference.numberCounts.map { CountedPoints($0) }
        let right = data.numberCounts.map { CountedPoints($0) }
        if let left, let right { return (.numbers(reference: left, data: right, numberBins), nil, nil) }
        let ends = [min(low, least), max(high, greatest), low.nextDown, low, high]
        let points: [Double]
        if let left {
            points = Set(left.points.count <= 400 ? left.points + ends : left.quantileEdges(200) + ends).sorted()
        } else {
            points = reference.driftPoints(ends)
        }
        return (
            .points(points, reference: left, data: right, numberBins),
            left == nil ? .edges(reference.column, points) : nil,
            right == nil ? .edges(data.column, points) : nil
        )
    }

    /// The most frequent categories of both sides together.
    ///
    /// Chosen of one side only, those that happen to be frequent there would seem to have become rarer. Rare ones are
    /// left to the bin of all others, as no test could tell them apart, and as they may be names of people.
    private static func categories(
        _ reference: ColumnSummary,
        _ data: ColumnSummary
    ) -> (Shape, BinRequest?, BinRequest?) {
        guard let left = reference.roughCounts, let right = data.roughCounts else {
            return (.nothing("values could not be counted"), nil, nil)
        }
        let pooled = left.merging(right) { ColumnSummary.RoughCount(value: $0.value, count: $0.count + $1.count) }
        let rows = (Double(reference.valueCount), Double(data.valueCount))
        let least = ChiSquaredTest.leastExpected * (rows.0 + rows.1) / min(rows.0, rows.1)
        let frequent = pooled.count <= fewCategories ? pooled : pooled.filter { $0.value.count >= least }
        if frequent.isEmpty { return (.nothing("no value is frequent, as of names or keys"), nil, nil) }
        let top = frequent.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
            .prefix(Limits.driftCategories)
        let values = top.map(\.value.value)
        func counts(_ side: ColumnSummary, _ counts: [String: ColumnSummary.RoughCount]) -> [Int]? {
            guard case .all(let entries) = side.values else { return nil }
            let found = top.map { Int(counts[$0.key]?.count ?? 0) }
            return found + [entries.reduce(0) { $0 + $1.count } - found.reduce(0, +)]
        }
        let known = (counts(reference, left), counts(data, right))
        return (
            .categories(values, reference: known.0, data: known.1),
            known.0 == nil ? .values(reference.column, values) : nil,
            known.1 == nil ? .values(data.column, values) : nil
        )
    }

    /// So many categories are compared one by one even where some are rare.
    private static let fewCategories = 10
}

extension ColumnSummary {
    struct RoughCount: Sendable {
        var value: SQLValue
        var count: Double
    }

    /// Values by their text with their counts, which of a sample are scaled up; nil when nothing is known.
    fileprivate var roughCounts: [String: RoughCount]? {
        var counts: [String: RoughCount] = [:]
        func add(_ value: SQLValue, _ count: Double) {
            counts[value.told.displayText, default: RoughCount(value: value, count: 0)].count += count
        }
        switch values {
        case .none: return nil
        case .all(let entries): for entry in entries { add(entry.value, Double(entry.count)) }
        case .sample(let sample):
            let scale = Double(valueCount) / Double(max(1, sample.rows.count))
            for value in sample.rows { add(value, scale) }
            // What the sample has once may be any value of many.
            counts = counts.filter { $0.value.count > 1.5 * scale }
            for value in sample.frequent where value != .null && counts[value.told.displayText] == nil {
                add(value, 2 * scale)
            }
        }
        return counts
    }

    /// Points at which to compare numbers that are too many to be counted one by one.
    fileprivate func driftPoints(_ ends: [Double]) -> [Double] {
        guard case .sample(let sample) = values else { return Set(ends).sorted() }
        let numbers = (sample.rows + sample.frequent).compactMap(scale.number)
        let low = ends.min() ?? 0
        let high = ends.max() ?? 0
        return BinEdges.points(numbers, low: low, high: high, extra: ends)
    }
}

import MartletCore

extension ColumnHistory {
    /// A set for columns of few values, each seen often enough; nil for the others.
    var set: Draft? {
        guard let kind, [.text, .boolean, .integer, .enumeration].contains(kind) else { return nil }
        var counts: [JSONValue: Int] = [:]
        for version in versions {
            guard let distinct = version.distinct, distinct.isExact, version.topValues.count == distinct.count else {
                return nil
            }
            for value in version.topValues { counts[value.value, default: 0] += value.count }
        }
        let once = counts.count { $0.value == 1 }
        guard !counts.isEmpty, counts.count <= Limits.suggestedSet, counts.count * 20 <= values else { return nil }
        // Text that was cut is no value.
        guard (latest.lengths?.maximum ?? 0) <= Limits.profiledTextCharacters else { return nil }
        return Draft(isByChance: true, whyNot: "too few rows to say which values \(name) has") { rate, isStrict in
            // A value seen once would have been new had its row come last: those estimate how many new ones come
            // (Good 1953), as odd rows so far.
            let tolerance = RowTolerance(seen: once, of: values, next: nextValues, rate: rate)
            let mostly = isStrict && once == 0 ? 1 : RowTolerance.mostly(allowed: tolerance.allowed, next: nextValues)
            guard mostly >= Draft.leastMostly else { return nil }
            let set = counts.keys.sorted { order($0, $1) }.map { kind == .boolean ? .bool($0 == "true") : $0 }
            return Proposal(
                "expect_column_values_to_be_in_set",
                Draft.with(mostly, ["column": .string(name), "value_set": .array(set)]),
                reason: "\(values) values are of these \(counts.count)"
                    + (once == 0 ? ", each seen at least twice" : "; \(once) of them seen only once"),
                rate: isStrict && once == 0 ? nil : tolerance.rate,
                method: "exchangeable rows"
            )
        }
    }

    private func order(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if let a = left.doubleValue, let b = right.doubleValue { return a < b }
        return left.displayText < right.displayText
    }

    /// The range of numbers, and of dates that do not move on.
    func range(_ notes: inout [String]) -> Draft? {
        guard let kind, kind.isNumeric || kind.isTemporal else { return nil }
        let least = versions.compactMap(\.minimum)
        let greatest = versions.compactMap(\.maximum)
        guard least.count == versions.count, let low = least.min(by: order), let high = greatest.max(by: order) else {
            return nil
        }
        if kind.isTemporal, versions.count == 1 {
            notes.append("\(name) has no range proposed: time moves on, and one version does not tell how")
            return nil
        }
        if isMoving(least) || isMoving(greatest) {
            notes.append("\(name) has no range proposed: it only rises, or only falls, from version to version")
            return nil
        }
        return Draft(isByChance: true, whyNot: "too few rows to bound \(name)") { rate, _ in
            // Of values of one source, those beyond both ends so far are as many in any version; half the rate each.
            let tolerance = RowTolerance(seen: 0, of: values, next: nextValues, rate: rate / 2)
            let mostly = RowTolerance.mostly(allowed: 2 * tolerance.allowed, next: nextValues)
            guard mostly >= Draft.leastMostly else { return nil }
            var bounds = (low: low, high: high)
            // Where whole versions move, the ends have to give way as the ends did.
            if let ends = HistoryBound(least.compactMap(\.doubleValue), side: .lower, rate: rate / 4),
                ends.low.isFinite,
                ends.low < low.doubleValue ?? -.infinity
            {
                bounds.low = .number(ends.low)
            }
            if let ends = HistoryBound(greatest.compactMap(\.doubleValue), side: .upper, rate: rate / 4),
                ends.high.isFinite, ends.high > high.doubleValue ?? .infinity
            {
                bounds.high = .number(ends.high)
            }
            return Proposal(
                "expect_column_values_to_be_between",
                Draft.with(mostly, ["column": .string(name), "min_value": bounds.low, "max_value": bounds.high]),
                reason: "\(values) values lie between \(low.displayText) and \(high.displayText)",
                rate: 2 * tolerance.rate,
                method: "exchangeable rows"
            )
        }
    }

    /// Whether the ends of ranges only rise or only fall, over at least two versions of dates or three of numbers.
    private func isMoving(_ ends: [JSONValue]) -> Bool {
        let numbers = ends.compactMap(\.doubleValue)
        if numbers.count == ends.count { return HistoryBound.isTrending(numbers) }
        let texts = ends.map(\.displayText)
        let steps = zip(texts, texts.dropFirst())
        return steps.allSatisfy { $0 < $1 } || steps.allSatisfy { $0 > $1 }
    }

    /// Bounds on the mean of numbers.
    var mean: Draft? {
        guard kind?.isNumeric == true else { return nil }
        let means = versions.compactMap { $0.numbers?.mean }
        guard means.count == versions.count, let mean = means.last, let deviation = latest.numbers?.standardDeviation,
            deviation > 0, !HistoryBound.isTrending(means),
            // Values that are not finite have no mean.
            versions.allSatisfy({ ($0.numbers?.notFiniteCount ?? 0) == 0 })
        else { return nil }
        let least = versions.compactMap { $0.minimum?.doubleValue }.min()
        let greatest = versions.compactMap { $0.maximum?.doubleValue }.max()
        return Draft(isByChance: true) { rate, _ in
            func proposal(_ low: Double, _ high: Double, _ reason: String, _ method: String) -> Proposal? {
                guard low.isFinite, high.isFinite else { return nil }
                // A mean beyond all values so far would take more of them out there than their own range allows.
                let (low, high) = (max(low, least ?? low), min(high, greatest ?? high))
                return Proposal(
                    "expect_column_mean_to_be_between",
                    ["column": .string(name), "min_value": .number(low), "max_value": .number(high)],
                    reason: reason,
                    rate: rate,
                    method: method,
                    severity: .warning
                )
            }
            if let bound = HistoryBound(means, side: .both, rate: rate) {
                return proposal(
                    bound.low,
                    bound.high,
                    "\(means.count) versions had means of \(means.min() ?? 0) to \(means.max() ?? 0)",
                    bound.method.rawValue
                )
            }
            // Rows of one source: the difference of two means has this deviation, and Chebyshev's bound for it.
            let error = deviation * (1 / Double(values) + 1 / Double(nextValues)).squareRoot()
            let reach = max(deviation / 2, error / rate.squareRoot())
            return proposal(
                (means.min() ?? mean) - reach,
                (means.max() ?? mean) + reach,
                "wide bounds around the mean, by at least half the standard deviation: so few versions do not tell how"
                    + " means differ",
                "chebyshev on rows"
            )
        }
    }

    /// The range of lengths of text.
    var lengths: Draft? {
        guard kind == .text, !versions.contains(where: { $0.lengths == nil }) else { return nil }
        let low = versions.compactMap { $0.lengths?.minimum }.min() ?? 0
        let high = versions.compactMap { $0.lengths?.maximum }.max() ?? 0
        return Draft(isByChance: true, whyNot: "too few rows to bound the lengths of \(name)") { rate, _ in
            let tolerance = RowTolerance(seen: 0, of: values, next: nextValues, rate: rate / 2)
            let mostly = RowTolerance.mostly(allowed: 2 * tolerance.allowed, next: nextValues)
            guard mostly >= Draft.leastMostly else { return nil }
            return Proposal(
                "expect_column_value_lengths_to_be_between",
                Draft.with(
                    mostly,
                    ["column": .string(name), "min_value": .integer(low), "max_value": .integer(high)]
                ),
                reason: "\(values) texts have \(low) to \(high) characters",
                rate: 2 * tolerance.rate,
                method: "exchangeable rows"
            )
        }
    }

    /// A regular expression where all texts are of few shapes.
    var pattern: Draft? {
        guard kind == .text else { return nil }
        var counts: [String: Int] = [:]
        for version in versions {
            for pattern in version.patterns { counts[pattern.mask, default: 0] += pattern.count }
        }
        let rows = versions.reduce(0) { $0 + $1.patternRows }
        guard rows > 0, counts.values.reduce(0, +) == rows,
            let expression = MaskExpression.of(counts.keys.sorted())
        else { return nil }
        let once = counts.count { $0.value == 1 }
        return Draft(isByChance: true, whyNot: "too few rows to say what \(name) looks like") { rate, isStrict in
            let tolerance = RowTolerance(seen: once, of: rows, next: nextValues, rate: rate)
            let mostly =
                isStrict && once == 0 ? 1 : RowTolerance.mostly(allowed: tolerance.allowed, next: nextValues)
            guard mostly >= Draft.leastMostly else { return nil }
            let masks = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map(\.key)
            return Proposal(
                "expect_column_values_to_match_regex",
                Draft.with(mostly, ["column": .string(name), "regex": .string(expression)]),
                reason: "\(rows) texts look like \(masks.joined(separator: ", "))",
                rate: isStrict && once == 0 ? nil : tolerance.rate,
                method: "exchangeable rows"
            )
        }
    }
}

extension NumberFacts {
    /// Values that are not a number, or infinite.
    var notFiniteCount: Int { nanCount + positiveInfinityCount + negativeInfinityCount }
}

import MartletCore

extension DriftPlan {
    /// What was counted.
    ///
    /// - Parameters:
    ///   - reference: the answer to ``referenceRequest``; nil when nothing was asked.
    ///   - data: the answer to ``dataRequest``; nil when nothing was asked.
    /// - Returns: the counts by bin, or why nothing can be compared.
    func evidence(reference: [Int]?, data: [Int]?) -> DriftEvidence {
        var evidence = DriftEvidence(aspect: aspect, bins: [])
        switch shape {
        case .nothing(let why): evidence.problem = "not tested: \(why)"
        case .numbers(let left, let right, let bins):
            let points = Set(left.points + right.points).sorted()
            let counts = (left.counts(at: points), right.counts(at: points))
            compare(points, counts.0, counts.1, bins, isExact: true, left.deviation, &evidence)
        case .points(let points, let left, let right, let bins):
            let counts = (
                left?.counts(at: points) ?? (reference ?? []).dropLast(),
                right?.counts(at: points) ?? (data ?? []).dropLast()
            )
            guard counts.0.count == points.count, counts.1.count == points.count, counts.0.contains(where: { $0 > 0 }),
                counts.1.contains(where: { $0 > 0 })
            else {
                evidence.problem = "not tested: one side has no finite values"
                return evidence
            }
            let spread = CountedPoints(points: points, counts: counts.0)
            compare(points, counts.0, counts.1, bins, isExact: false, spread.deviation, &evidence)
        case .categories(let categories, let left, let right):
            let counts = (left ?? reference ?? [], right ?? data ?? [])
            guard counts.0.count > categories.count, counts.1.count > categories.count else {
                evidence.problem = "not tested: values could not be counted"
                return evidence
            }
            evidence.bins = categories.enumerated()
                .map { index, value in
                    DriftBin(
                        kind: counts.0[index] == 0 ? .unseen : .values,
                        label: value.told.displayText,
                        reference: counts.0[index],
                        data: counts.1[index]
                    )
                }
            let rest = (counts.0[categories.count], counts.1[categories.count])
            if rest.0 + rest.1 > 0 {
                evidence.bins.append(
                    DriftBin(kind: .other, label: "other values", reference: rest.0, data: rest.1)
                )
            }
        }
        if nulls.reference + nulls.data > 0 {
            evidence.bins.append(DriftBin(kind: .null, label: "null", reference: nulls.reference, data: nulls.data))
        }
        if notFinite.reference + notFinite.data > 0 {
            evidence.bins.append(
                DriftBin(
                    kind: .notFinite,
                    label: "not finite",
                    reference: notFinite.reference,
                    data: notFinite.data
                )
            )
        }
        return evidence
    }

    private func compare(
        _ points: [Double],
        _ reference: [Int],
        _ data: [Int],
        _ bins: NumberBins,
        isExact: Bool,
        _ deviation: Double?,
        _ evidence: inout DriftEvidence
    ) {
        guard reference.contains(where: { $0 > 0 }), data.contains(where: { $0 > 0 }) else {
            evidence.problem = "not tested: one side has no finite values"
            return
        }
        evidence.bins = bins.bins(points: points, reference: reference, data: data, isExact: isExact)
        // Timestamps are counted in microseconds, which nobody wants distances in.
        let unit = bins.kind == .timestamp || bins.kind == .timestampWithZone ? 1e-6 : 1
        evidence.cumulative = CumulativeDistance(
            points: points.map { $0 * unit },
            reference: reference,
            data: data,
            deviation: deviation.map { $0 * unit },
            isExact: isExact
        )
    }
}

extension CountedPoints {
    /// The counts at other points, of which every number counted here is one, or lies between as many.
    func counts(at others: [Double]) -> [Int] {
        var result = Array(repeating: 0, count: others.count)
        var place = 0
        for (point, count) in zip(points, counts) where place < others.count {
            while place < others.count - 1, others[place] < point { place += 1 }
            result[place] += count
        }
        return result
    }

    /// The standard deviation, by n - 1, with numbers between points taken to be at the middle; nil of fewer than two.
    var deviation: Double? {
        let total = Double(self.total)
        guard total > 1, let first = points.first else { return nil }
        // About the first point, so that large numbers close together keep their digits.
        var sum = 0.0
        var squares = 0.0
        for (index, count) in counts.enumerated() where count > 0 {
            let start = isExact || index == 0 ? points[index] : points[index - 1]
            let value = (start + points[index]) / 2 - first
            sum += value * Double(count)
        }
        let mean = sum / total
        for (index, count) in counts.enumerated() where count > 0 {
            let start = isExact || index == 0 ? points[index] : points[index - 1]
            let offset = (start + points[index]) / 2 - first - mean
            squares += offset * offset * Double(count)
        }
        return (squares / (total - 1)).squareRoot()
    }
}

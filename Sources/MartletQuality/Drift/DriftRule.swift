/// When a difference is drift: the effect is large enough, and too large for chance.
///
/// A p-value alone flags trivia in large data, and an effect alone flags noise in small data; so both have to speak.
/// Thresholds are fixed before the data is read and stand in the report.
public struct DriftRule: Codable, Hashable, Sendable {
    /// What measures the effect on values and lengths.
    public var metric: DriftMetric
    /// The effect from which on values and lengths drift.
    public var threshold: Double
    /// The difference of the shares of nulls, and of numbers that are not finite, from which on they drift, 0...1.
    public var missingThreshold: Double
    /// The chance of a false alarm over the whole report when nothing drifts.
    public var alpha: Double
    /// Bins of numbers: quantiles of the reference.
    public var bins: Int

    /// A rule; thresholds that are nil are the metric's own.
    public init(
        metric: DriftMetric = .psi,
        threshold: Double? = nil,
        missingThreshold: Double = 0.02,
        alpha: Double = 0.01,
        bins: Int = 10
    ) {
        self.metric = metric
        self.threshold = threshold ?? metric.threshold
        self.missingThreshold = missingThreshold
        self.alpha = alpha
        self.bins = bins
    }

    private enum CodingKeys: String, CodingKey {
        case metric, threshold, alpha, bins
        case missingThreshold = "missing_threshold"
    }

    /// The verdict on every comparison of a report, in order.
    public func decide(_ evidence: [DriftEvidence]) -> [AspectDrift] {
        let tests = evidence.map { test($0) }
        let tested = tests.indices.filter { tests[$0].pValue != nil }
        let adjusted = FalseDiscovery.adjusted(tested.compactMap { tests[$0].pValue })
        var result = tests
        for (place, index) in tested.enumerated() {
            result[index].adjustedPValue = adjusted[place]
        }
        for index in result.indices { conclude(&result[index]) }
        return result
    }

    /// Measures one comparison, without a verdict.
    private func test(_ evidence: DriftEvidence) -> AspectDrift {
        let compared = evidence.bins.filter { evidence.isCompared($0.kind) }
        let n = compared.reduce(0) { $0 + $1.reference }
        let m = compared.reduce(0) { $0 + $1.data }
        let isShare = evidence.aspect == .missing || evidence.aspect == .notFinite
        var result = AspectDrift(
            aspect: evidence.aspect,
            alarm: false,
            reason: evidence.problem ?? "",
            metric: isShare ? "share" : metric.used(on: evidence).rawValue,
            threshold: isShare ? missingThreshold : threshold,
            n: n,
            m: m,
            bins: evidence.bins
        )
        guard evidence.problem == nil, n > 0, m > 0 else { return result }
        let measures = DriftMeasures(
            reference: compared.map(\.reference),
            data: compared.map(\.data),
            isOrdered: evidence.cumulative != nil
        )
        if isShare {
            result.effect = measures.lInfinity
            result.pValue = measures.chiSquared?.pValue
            return result
        }
        result.measures = measures
        result.cumulative = evidence.cumulative
        result.effect = metric.used(on: evidence).effect(measures, evidence.cumulative)
        guard let test = measures.chiSquared, test.bins > 1 || evidence.cumulative != nil else { return result }
        // Two looks at the same numbers: the better of both, doubled (Bonferroni).
        result.pValue = evidence.cumulative.map { min(1, 2 * min(test.pValue, $0.pValue)) } ?? test.pValue
        return result
    }

    private func conclude(_ result: inout AspectDrift) {
        if !result.reason.isEmpty { return }
        if result.n == 0 || result.m == 0 {
            result.reason = "not tested: \(result.n == 0 ? "the reference" : "the data") has no values"
            return
        }
        guard let effect = result.effect else {
            result.reason = "not tested: \(result.metric) cannot be told"
            return
        }
        guard let adjusted = result.adjustedPValue else {
            result.reason = "not tested: too few rows, or one bin only"
            return
        }
        let isLarge = effect >= result.threshold
        let isCertain = adjusted < alpha
        result.alarm = isLarge && isCertain
        switch (isLarge, isCertain) {
        case (true, true): result.reason = "large enough, and too large for chance"
        case (true, false): result.reason = "may be chance: so few rows differ this much without drift"
        case (false, true): result.reason = "no chance, but too small to matter"
        case (false, false): result.reason = "small, and may be chance"
        }
    }
}

/// What was counted of one aspect of a column, before any verdict.
public struct DriftEvidence: Hashable, Sendable {
    /// What was counted.
    public var aspect: DriftAspect
    /// Rows by bin.
    public var bins: [DriftBin]
    /// Distances of numbers; nil for categories and shares.
    public var cumulative: CumulativeDistance?
    /// Why nothing can be compared; nil when it can.
    public var problem: String?

    /// Counts of one aspect.
    public init(
        aspect: DriftAspect,
        bins: [DriftBin],
        cumulative: CumulativeDistance? = nil,
        problem: String? = nil
    ) {
        self.aspect = aspect
        self.bins = bins
        self.cumulative = cumulative
        self.problem = problem
    }

    /// Whether bins of `kind` are part of what is compared: nulls count when they are what it is about.
    func isCompared(_ kind: DriftBin.Kind) -> Bool {
        switch kind {
        case .values, .unseen, .other: true
        case .null: aspect == .missing
        case .notFinite: aspect == .notFinite
        }
    }
}

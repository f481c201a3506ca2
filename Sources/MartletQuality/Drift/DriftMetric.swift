/// What measures how large drift is.
public enum DriftMetric: String, Codable, Hashable, Sendable, CaseIterable {
    /// The population stability index: 0.1 is to be watched, 0.25 to be acted on, as credit risk has it.
    case psi
    /// The Jensen-Shannon distance to base 2.
    case jensenShannon = "js"
    /// The greatest difference of a bin's shares.
    case lInfinity = "linf"
    /// Hellinger's distance.
    case hellinger
    /// Total variation.
    case totalVariation = "tv"
    /// The Kolmogorov-Smirnov distance; of categories, total variation.
    case kolmogorovSmirnov = "ks"
    /// Wasserstein's distance over the reference's standard deviation; of categories, total variation.
    case wasserstein

    /// The effect from which on it is drift, unless told otherwise.
    public var threshold: Double { 0.1 }

    /// The metric that measures `evidence` when this one is asked for.
    func used(on evidence: DriftEvidence) -> DriftMetric {
        switch self {
        case .kolmogorovSmirnov, .wasserstein: evidence.cumulative == nil ? .totalVariation : self
        default: self
        }
    }

    /// The effect; nil when it is not to be had, such as Wasserstein's over a deviation of 0.
    func effect(_ measures: DriftMeasures, _ cumulative: CumulativeDistance?) -> Double? {
        switch self {
        case .psi: measures.psi
        case .jensenShannon: measures.jensenShannon
        case .lInfinity: measures.lInfinity
        case .hellinger: measures.hellinger
        case .totalVariation: measures.totalVariation
        case .kolmogorovSmirnov: cumulative?.kolmogorovSmirnov
        case .wasserstein: cumulative?.wassersteinOverDeviation
        }
    }
}

/// A bound that a median should keep.
enum Goal {
    case below(Double)
    case atMost(Double)
    /// So many times the floor that was measured in the same rounds, and an allowance.
    case timesFloor(Double, plus: Double)

    /// Resident memory of Martlet itself during any run.
    static let peakMemory = Goal.below(80e6)

    /// Whether `median` keeps the bound.
    func isMet(by median: Double, floor: Double?) -> Bool {
        switch self {
        case .below(let bound): median < bound
        case .atMost(let bound): median <= bound
        case .timesFloor(let factor, let allowance): floor.map { median <= factor * $0 + allowance } ?? false
        }
    }

    func text(in unit: Unit, floor: Double?) -> String {
        switch self {
        case .below(let bound): return "< \(unit.text(bound))"
        case .atMost(let bound): return "≤ \(unit.text(bound))"
        case .timesFloor(let factor, let allowance):
            let bound = floor.map { " (\(unit.text(factor * $0 + allowance)))" } ?? ""
            let factor = Decimals.text(factor, places: factor == factor.rounded() ? 0 : 1)
            return "≤ \(factor) × floor\(allowance == 0 ? "" : " + \(unit.text(allowance))")\(bound)"
        }
    }
}

import MartletCore

/// How a suite is made: what statistics answer, and which query serves which check.
public struct QualityPlan: Hashable, Sendable {
    /// One query.
    public struct Pass: Hashable, Sendable {
        /// What kind of query it is: `fused`, `dictionary`, `groups`, `ranks`, `rows`, `evaluation`, `probe`.
        public var kind: String
        /// What it is for, in words.
        public var purpose: String
        /// The query.
        public var sql: String
        /// The indexes of the checks it serves.
        public var checks: [Int]
    }

    /// How one check is served.
    public struct Service: Hashable, Sendable {
        /// Its index.
        public var check: Int
        /// Its type.
        public var type: String
        /// What it is about: its columns, or nothing for the table as a whole.
        public var subject: String
        /// What statistics of files answer for it.
        public var facts: [String]
        /// Whether it is done without a query.
        public var isDone: Bool
        /// Why it cannot be made, when that is known without a query.
        public var failure: String?
    }

    /// The checks in their order.
    public var services: [Service]
    /// The queries in the order they run.
    public var passes: [Pass]

    init(checks: [Check], board: CheckBoard, planner: ScanPlanner) {
        var open: [Need] = []
        var seen: Set<Need> = []
        var users: [Need: [Int]] = [:]
        for (index, check) in checks.enumerated() {
            for need in board.open(index) {
                users[need, default: []].append(check.index)
                if seen.insert(need).inserted { open.append(need) }
            }
        }
        passes = planner.scans(open).map { scan in
            Pass(
                kind: scan.kind.rawValue,
                purpose: scan.purpose,
                sql: scan.sql,
                checks: Set(scan.needs.flatMap { users[$0] ?? [] }).sorted()
            )
        }
        services = checks.enumerated().map { place, check in
            var service = Service(
                check: check.index,
                type: check.type,
                subject: check.rule.subject,
                facts: board.factsUsed[place].compactMap(Self.words),
                isDone: false,
                failure: nil
            )
            if case .done(let outcome) = board.steps[place] {
                service.isDone = true
                service.failure = outcome.failure?.error.message
            }
            return service
        }
    }

    private static func words(_ need: Need) -> String? {
        guard case .scalar(let scalar) = need else { return nil }
        return switch scalar.fact {
        case .rows: "the row count"
        case .values(let name), .nulls(let name): "how many values of \(name) are null"
        case .minimum(let name): "the least value of \(name)"
        case .maximum(let name): "the greatest value of \(name)"
        case .members(let name, _, _): "that all values of \(name) are in the set, or none"
        case .outside(let name, _, _): "that the values of \(name) keep to the range, or that none does"
        case nil: nil
        }
    }
}

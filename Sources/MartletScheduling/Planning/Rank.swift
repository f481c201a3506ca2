import MartletCore

/// Where a waiting request stands in the order; the least goes first.
struct Rank: Comparable, Sendable {
    /// Classes that no priority bridges.
    enum Band: Int8, Comparable, Sendable {
        /// It has been passed too often: its turn has come whatever its priority.
        case due
        case regular
        case backfill

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    var band: Band
    /// The greater goes first.
    var priority: Int
    /// Slots of the pool that the request's pipeline has taken: pipelines level out.
    var held: Int
    /// When the pipeline last had its turn in the pool: the one that waits longer goes first.
    var turn: Int
    var ordinal: Int
    var date: Int64
    var index: Int
    var age: Age

    /// The standing of `request` among the requests of its pipeline.
    init(_ request: AdmissionRequest, _ age: Age) {
        band = request.backfillOrdinal == nil ? .regular : .backfill
        priority = request.priority
        held = 0
        turn = 0
        ordinal = request.backfillOrdinal ?? 0
        date = request.logicalDate?.microseconds ?? .max
        index = request.key.instance.index ?? -1
        self.age = age
    }

    /// The standing of a request whose turn has come: before all but those that are older and due as well.
    init(due age: Age) {
        band = .due
        priority = 0
        held = 0
        turn = 0
        ordinal = 0
        date = 0
        index = 0
        self.age = age
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.band != right.band { return left.band < right.band }
        if left.priority != right.priority { return left.priority > right.priority }
        if left.held != right.held { return left.held < right.held }
        if left.turn != right.turn { return left.turn < right.turn }
        if left.ordinal != right.ordinal { return left.ordinal < right.ordinal }
        if left.date != right.date { return left.date < right.date }
        if left.index != right.index { return left.index < right.index }
        return left.age < right.age
    }
}

/// When a request was first offered, as a number that is no other request's, and the number of the request.
struct Age: Comparable, Sendable {
    var sequence: Int
    var request: Int

    static func < (left: Self, right: Self) -> Bool { left.sequence < right.sequence }
}

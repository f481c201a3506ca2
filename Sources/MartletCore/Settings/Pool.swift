/// A number of slots that the steps of all pipelines share.
public struct Pool: Hashable, Codable, Sendable {
    /// The pool's name.
    public var name: PoolName
    /// How many slots its steps may hold at once; ``unlimited`` sets no limit, 0 lets none start.
    public var slots: Int
    /// What the pool is for, in a line; nil when it is not described.
    public var description: String?
    /// Whether a step that waits without a process holds its slots meanwhile.
    public var includesDeferred: Bool

    /// The number of slots that sets no limit.
    public static let unlimited = -1
    /// The pool that always exists, with 128 slots until someone changes it.
    public static let standard = Pool(name: .defaultPool, slots: 128, description: "The pool of steps that name none")

    /// A pool with `slots` slots that waiting steps do not hold, unless told otherwise.
    public init(name: PoolName, slots: Int, description: String? = nil, includesDeferred: Bool = false) {
        self.name = name
        self.slots = slots
        self.description = description
        self.includesDeferred = includesDeferred
    }

    /// Whether any number of steps may hold its slots.
    public var isUnlimited: Bool { slots == Self.unlimited }

    /// Checks the number of slots and the description.
    ///
    /// - Throws: ``MartletError`` MT1005 for a number of slots that no pool can have, MT1016 for a description that is
    ///   too long.
    public func validate() throws(MartletError) {
        try SettingRules.check(description: description, of: "pool \(name)")
        if slots == Self.unlimited || (0...Limits.poolSlots).contains(slots) { return }
        throw MartletError(
            .valueInvalid,
            "pool \(name) cannot have \(slots) slots",
            remedy: "use 0 to \(Limits.poolSlots), or -1 for no limit"
        )
    }

    enum CodingKeys: String, CodingKey {
        case name, slots, description
        case includesDeferred = "include_deferred"
    }
}

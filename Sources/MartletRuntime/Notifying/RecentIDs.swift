/// Ids seen lately, up to a limit; the oldest is forgotten first.
struct RecentIDs {
    private let limit: Int
    private var known: Set<String> = []
    private var order = Queue<String>()

    init(limit: Int) { self.limit = limit }

    /// Takes note of `id`; false when it is known.
    mutating func insert(_ id: String) -> Bool {
        guard known.insert(id).inserted else { return false }
        order.append(id)
        while order.count > limit, let oldest = order.popFirst() { known.remove(oldest) }
        return true
    }

    /// Forgets `id`, which may come again then.
    mutating func remove(_ id: String) { known.remove(id) }
}

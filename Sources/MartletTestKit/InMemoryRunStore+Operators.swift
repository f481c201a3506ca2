public import MartletCore

// The rest of ``ProjectStore``: what operators start and ask for.
extension InMemoryRunStore {
    /// Keeps a new backfill.
    public func add(_ backfill: BackfillRecord) async throws(MartletError) {
        try change { state throws(MartletError) in
            guard state.backfills[backfill.id] == nil else {
                throw MartletError(.recordExists, "there is a backfill \(backfill.id) already")
            }
            state.backfills[backfill.id] = backfill
            state.backfills[backfill.id]?.dates.sort { $0.ordinal < $1.ordinal }
        }
    }

    /// Backfills, newest first: all, or those that are running or paused.
    public func backfills(unfinishedOnly: Bool, limit: Int) async throws(MartletError) -> [BackfillRecord] {
        let all = try look { state throws(MartletError) in Array(state.backfills.values) }
        let fitting = all.filter { !unfinishedOnly || $0.state == .running || $0.state == .paused }
        return Array(fitting.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }.prefix(max(0, limit)))
    }

    /// The backfill with this id, or nil.
    public func backfill(_ id: String) async throws(MartletError) -> BackfillRecord? {
        try look { state throws(MartletError) in state.backfills[id] }
    }

    /// Sets where a backfill stands, and the runs that its dates have got since.
    public func update(
        backfill id: String,
        state next: BackfillState,
        runs: [Int: RunID]
    ) async throws(MartletError) {
        try change { state throws(MartletError) in
            guard state.backfills[id] != nil else {
                throw MartletError(.recordNotFound, "there is no backfill \(id)")
            }
            state.backfills[id]?.state = next
            for (ordinal, run) in runs { state.set(run, at: ordinal, of: id) }
        }
    }

    /// Keeps a request for the scheduler; returns its number.
    public func submit(
        _ request: OperatorRequest,
        by: String,
        at now: Timestamp
    ) async throws(MartletError) -> Int {
        try change { state throws(MartletError) in
            let id = state.requests.count + 1
            state.requests.append(RecordedRequest(id: id, at: now, by: by, request: request))
            return id
        }
    }

    /// Requests without an answer, oldest first.
    public func openRequests() async throws(MartletError) -> [RecordedRequest] {
        try look { state throws(MartletError) in state.requests.filter { $0.answeredAt == nil } }
    }

    /// The last requests, answered or not, oldest first.
    public func requests(limit: Int) async throws(MartletError) -> [RecordedRequest] {
        try look { state throws(MartletError) in state.requests.suffix(max(0, limit)) }
    }

    /// The request with this number.
    public func request(_ id: Int) async throws(MartletError) -> RecordedRequest? {
        try look { state throws(MartletError) in state.requests.first { $0.id == id } }
    }

    /// Answers a request; one that has an answer keeps it.
    public func answer(
        request id: Int,
        with answer: Result<JSONValue, MartletError>,
        at now: Timestamp
    ) async throws(MartletError) {
        try change { state throws(MartletError) in
            guard let place = state.requests.firstIndex(where: { $0.id == id }) else {
                throw MartletError(.recordNotFound, "there is no request \(id)")
            }
            if state.requests[place].answeredAt != nil { return }
            state.requests[place].answeredAt = now
            switch answer {
            case .success(let value): state.requests[place].answer = value
            case .failure(let error): state.requests[place].error = error
            }
        }
    }

    /// The number of changes so far.
    public func changeCounter() async throws(MartletError) -> Int {
        try look { state throws(MartletError) in state.changes }
    }
}

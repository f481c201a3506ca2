import GRDB
public import MartletCore

// The rest of ``ProjectStore``: what operators start and ask for.
extension SQLiteRunStore {
    // MARK: Backfills

    /// Keeps a new backfill.
    ///
    /// - Throws: ``MartletError`` MT8009 when there is one with its id.
    public func add(_ backfill: BackfillRecord) async throws(MartletError) {
        try await write { [errors] db in
            let table = BackfillTable(db: db)
            if try table.exists(backfill.id) { throw errors.taken("backfill", backfill.id) }
            try table.add(backfill)
        }
    }

    /// Backfills, newest first: all, or those that are running or paused.
    public func backfills(unfinishedOnly: Bool, limit: Int) async throws(MartletError) -> [BackfillRecord] {
        let states: [BackfillState]? = unfinishedOnly ? [.running, .paused] : nil
        return try await read { try BackfillTable(db: $0).backfills(in: states, limit: limit) }
    }

    /// The backfill with this id, or nil.
    public func backfill(_ id: String) async throws(MartletError) -> BackfillRecord? {
        try await read { try BackfillTable(db: $0).backfill(id) }
    }

    /// Sets where a backfill stands, and the runs that its dates have got since.
    ///
    /// Runs that were created for a date of the backfill are known already.
    ///
    /// - Throws: ``MartletError`` MT8008 when there is no such backfill.
    public func update(
        backfill id: String,
        state: BackfillState,
        runs: [Int: RunID]
    ) async throws(MartletError) {
        try await write { [errors] db in
            let table = BackfillTable(db: db)
            guard try table.exists(id) else { throw errors.unknown("backfill", id) }
            try table.set(state, of: id)
            for (ordinal, run) in runs { try table.set(run, at: ordinal, of: id) }
        }
    }

    // MARK: Requests of operators

    /// Keeps a request for the scheduler; returns its number.
    public func submit(
        _ request: OperatorRequest,
        by: String,
        at now: Timestamp
    ) async throws(MartletError) -> Int {
        let json = JSONText.encode(request)
        return try await write { try RequestTable(db: $0).add(json, by: by, at: now) }
    }

    /// Requests without an answer, oldest first.
    public func openRequests() async throws(MartletError) -> [RecordedRequest] {
        try await read { try RequestTable(db: $0).open() }
    }

    /// The last requests, answered or not, oldest first.
    public func requests(limit: Int) async throws(MartletError) -> [RecordedRequest] {
        try await read { try RequestTable(db: $0).last(limit) }
    }

    /// The request with this number; nil when there never was one, or it was answered long ago.
    public func request(_ id: Int) async throws(MartletError) -> RecordedRequest? {
        try await read { try RequestTable(db: $0).request(id) }
    }

    /// Answers a request; one that has an answer keeps it.
    ///
    /// Of requests that were answered the last 10,000 stay.
    ///
    /// - Throws: ``MartletError`` MT8008 when there is no such request.
    public func answer(
        request id: Int,
        with answer: Result<JSONValue, MartletError>,
        at now: Timestamp
    ) async throws(MartletError) {
        try await write { [errors] db in
            let table = RequestTable(db: db)
            if try table.answer(id, with: answer, at: now) { return try table.prune() }
            if try !table.exists(id) { throw errors.unknown("request", String(id)) }
        }
    }

    /// SQLite's number of the version of the file, as the reading connection sees it.
    ///
    /// It changes with every commit of another connection, so also with this store's own writes, which another
    /// connection makes: who has just written asks again and compares from there. Reading changes nothing.
    public func changeCounter() async throws(MartletError) -> Int {
        try await read { try $0.all("PRAGMA data_version") { $0[0] as Int }.first ?? 0 }
    }
}

import GRDB
import MartletCore

/// What operators ask of the scheduler, and the answers.
struct RequestTable {
    let db: Database

    private static let columns = "id, at_us, made_by, request, answered_us, answer, error"

    /// Requests without an answer, oldest first.
    func open() throws -> [RecordedRequest] {
        try db.all("SELECT \(Self.columns) FROM requests WHERE answered_us IS NULL ORDER BY id", [], record)
    }

    /// The last requests, oldest first.
    func last(_ limit: Int) throws -> [RecordedRequest] {
        let sql = "SELECT \(Self.columns) FROM requests ORDER BY id DESC LIMIT ?"
        return try db.all(sql, [limit], record).reversed()
    }

    func request(_ id: Int) throws -> RecordedRequest? {
        try db.all("SELECT \(Self.columns) FROM requests WHERE id = ?", [id], record).first
    }

    func exists(_ id: Int) throws -> Bool {
        try !db.all("SELECT 1 FROM requests WHERE id = ?", [id], { _ in }).isEmpty
    }

    /// Keeps a request and returns its number.
    func add(_ request: String, by: String, at now: Timestamp) throws -> Int {
        try db.run(
            "INSERT INTO requests (at_us, made_by, request) VALUES (?, ?, ?)",
            [now.microseconds, column(by), request]
        )
        return Int(db.lastInsertedRowID)
    }

    /// Answers a request that has no answer; false when it has one, or is not there.
    func answer(_ id: Int, with answer: Result<JSONValue, MartletError>, at now: Timestamp) throws -> Bool {
        var (value, error): (String?, String?)
        switch answer {
        case .success(let answer): value = JSONText.encode(answer)
        case .failure(let failure): error = JSONText.encode(failure)
        }
        try db.run(
            "UPDATE requests SET answered_us = ?, answer = ?, error = ? WHERE id = ? AND answered_us IS NULL",
            [now.microseconds, value, error, id]
        )
        return db.changesCount > 0
    }

    /// Drops answered requests, all but the last ones.
    func prune() throws {
        try db.run(
            "DELETE FROM requests WHERE id <= (SELECT max(id) FROM requests) - ? AND answered_us IS NOT NULL",
            [StoreLimits.keptRequests]
        )
    }

    private func record(_ row: Row) throws -> RecordedRequest {
        let (answer, error): (String?, String?) = (row[5], row[6])
        return RecordedRequest(
            id: row[0],
            at: Timestamp(microseconds: row[1]),
            by: row[2],
            request: try JSONText.decode(OperatorRequest.self, from: row[3] as String),
            answeredAt: instant(row[4]),
            answer: try answer.map { try JSONText.decode(JSONValue.self, from: $0) },
            error: try error.map { try JSONText.decode(MartletError.self, from: $0) }
        )
    }
}

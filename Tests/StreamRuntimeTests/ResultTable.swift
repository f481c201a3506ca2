import GRDB

/// The results of a test's stream as they stand in its database.
struct ResultTable {
    /// Count and total by name and start of the window in seconds.
    var sums = [String: String]()
    var rejected = 0
    /// How many cuts there were.
    var cuts: Int64 = 0

    init(_ path: String) throws {
        let database = try DatabaseQueue(path: path)
        let sql = "SELECT name, CAST(strftime('%s', window_start) AS INTEGER), count, total FROM results"
        let rows = try database.read { try Row.fetchAll($0, sql: sql) }
        for row in rows {
            let (name, start, count, total): (String, Int64, Int64, Int64) = (row[0], row[1], row[2], row[3])
            sums["\(name) \(start)"] = "\(count) \(total)"
        }
        rejected = try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM results_rejected") ?? 0 }
        cuts = try database.read { try Int64.fetchOne($0, sql: "SELECT number FROM martlet_streams") ?? 0 }
    }
}

import GRDB
import MartletCore

/// The tables of one stream's results.
struct ResultSchema: Sendable {
    let table: SQLiteResultStore.Table
    let stream: String
    let path: String

    private struct Column: Hashable {
        var name: String
        var type: String
    }

    /// The table's columns in their order.
    private var columns: [Column] {
        let key = table.key.map { Column(name: $0.name, type: Self.type(of: $0.type)) }
        let values = table.values.map { Column(name: $0.name, type: Self.type(of: $0.type)) }
        if table.hasWindows {
            return key + [Column(name: "window_start", type: "TEXT"), Column(name: "window_end", type: "TEXT")] + values
                + [Column(name: "pane", type: "INTEGER")]
        }
        return values + [
            Column(name: "_partition", type: "INTEGER"), Column(name: "_offset", type: "INTEGER"),
            Column(name: "_time", type: "TEXT"),
        ]
    }

    /// The names of the columns of the primary key.
    var identity: [String] {
        table.hasWindows ? table.key.map(\.name) + ["window_start", "window_end"] : ["_partition", "_offset"]
    }

    /// The names of all columns.
    var names: [String] { columns.map(\.name) }

    /// What the columns are, as text to compare.
    var signature: String {
        let columns = columns.map { "\($0.name) \($0.type)" }
        return JSONText.encode(["columns": columns, "key": identity])
    }

    var rejectedName: String { "\(table.name)_rejected" }

    static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    private static func type(of type: StreamType) -> String {
        switch type {
        case .integer, .boolean: "INTEGER"
        case .double: "REAL"
        case .text, .timestamp: "TEXT"
        }
    }

    private var errors: ResultStoreError { ResultStoreError(path: path, stream: stream) }

    /// Checks that the names can be those of columns and tables.
    ///
    /// - Throws: MT6063.
    func check() throws(MartletError) {
        var seen = Set<String>()
        for name in names where !seen.insert(name.lowercased()).inserted {
            throw errors.mismatched(
                "two columns would be called \(name)",
                "give the column or aggregate another name; SQLite does not tell large letters from small ones"
            )
        }
        let name = table.name.lowercased()
        let bad = name.isEmpty || name.hasPrefix("sqlite_") || name == "martlet_streams" || name.utf8.contains(0)
        if bad || names.contains(where: { $0.isEmpty || $0.utf8.contains(0) }) {
            throw errors.mismatched("a table or column cannot have its name", "choose another name")
        }
    }

    /// Makes the tables, or checks those that there are.
    func prepare(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS martlet_streams (
                    stream TEXT PRIMARY KEY, epoch INTEGER NOT NULL, number INTEGER NOT NULL, offsets TEXT NOT NULL,
                    results TEXT NOT NULL, columns TEXT NOT NULL, state BLOB)
                """
        )
        let others = try Row.fetchAll(db, sql: "SELECT stream, results, columns FROM martlet_streams")
        for row in others {
            let (other, results): (String, String) = (row[0], row[1])
            if other != stream, results.lowercased() == table.name.lowercased() {
                throw errors.mismatched(
                    "table \(table.name) has the results of stream \(other)",
                    "name another table, or another database"
                )
            }
            guard other == stream else { continue }
            if row[2] != signature || results != table.name {
                throw errors.mismatched(
                    "stream \(stream) wrote to table \(results) with other columns before",
                    "name another table and give the changed stream another name, or another database; "
                        + "its old results stay where they are"
                )
            }
        }
        let sql = "SELECT name, type, pk FROM pragma_table_info(?)"
        let present = try Row.fetchAll(db, sql: sql, arguments: [table.name])
        if present.isEmpty {
            let list =
                columns.map { "\(Self.quoted($0.name)) \($0.type)" } + [
                    "PRIMARY KEY (\(identity.map(Self.quoted).joined(separator: ", ")))"
                ]
            try db.execute(sql: "CREATE TABLE \(Self.quoted(table.name)) (\(list.joined(separator: ", ")))")
        } else {
            let found = present.map { Column(name: $0[0], type: $0[1]) }
            let keys = present.map { (name: $0[0] as String, place: $0[2] as Int) }.filter { $0.place > 0 }
                .sorted { $0.place < $1.place }.map(\.name)
            if found != columns || keys != identity {
                throw errors.mismatched(
                    "table \(table.name) has other columns than the stream's results: "
                        + found.map(\.name).joined(separator: ", "),
                    "name another table, or drop this one"
                )
            }
        }
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS \(Self.quoted(rejectedName)) (
                    _topic TEXT, _partition INTEGER, _offset INTEGER, reason TEXT NOT NULL, detail TEXT NOT NULL,
                    time TEXT, key BLOB, value BLOB, PRIMARY KEY (_topic, _partition, _offset))
                """
        )
    }
}

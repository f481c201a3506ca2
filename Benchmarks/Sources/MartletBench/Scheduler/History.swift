import Foundation

/// A long past for a project: its one run that has ended, copied in its database with the ids and dates of others.
///
/// Copying what Martlet itself has written needs no knowledge of the tables beyond the columns that name a run. It
/// takes `sqlite3`, SQLite's own command-line program.
struct History {
    /// The project, in which one run has ended and no process works.
    let project: String

    /// Makes `count` copies of the run, each a minute older than the one before.
    ///
    /// - Throws: ``BenchProblem`` when that does not work.
    func copyRun(_ count: Int) throws -> Int {
        let script = """
            .bail on
            PRAGMA temp_store = MEMORY;
            BEGIN IMMEDIATE;
            CREATE TEMP TABLE numbers AS
                WITH RECURSIVE up_to(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up_to WHERE n < \(count))
                SELECT n FROM up_to;
            \(copy(of: "runs", key: "id", change: "created_us = created_us - n * 60000000"))
            \(copy(of: "events", key: "run_id", change: "position = NULL"))
            \(copy(of: "steps", key: "run_id"))
            \(copy(of: "attempts", key: "run_id"))
            COMMIT;
            SELECT count(*) FROM attempts;
            PRAGMA wal_checkpoint(TRUNCATE);
            """
        let file = "\(project)/.bench-history.sql"
        try script.write(toFile: file, atomically: false, encoding: .utf8)
        let process = MeasuredProcess(
            command: SpawnCommand(["/usr/bin/env", "sqlite3", "\(project)/.martlet/martlet.db", ".read \(file)"]),
            directory: project,
            output: "\(project)/.bench-history",
            complaints: "\(project)/.bench-history-complaints"
        )
        let (_, exitCode) = try process.run()
        let said = (try? String(contentsOfFile: process.output, encoding: .utf8)) ?? ""
        guard exitCode == 0, let attempts = said.split(separator: "\n").first.flatMap({ Int($0) }) else {
            let complaint = (try? String(contentsOfFile: process.complaints, encoding: .utf8)) ?? ""
            throw BenchProblem("no history: \(complaint.suffix(500))", remedy: "install sqlite3, the program")
        }
        return attempts
    }

    /// Statements that copy all rows of a table once for each number, by way of a table without its rules.
    private func copy(of table: String, key: String, change: String = "") -> String {
        let changes = [change, "\(key) = \(key) || printf('-h%05d', n)"].filter { !$0.isEmpty }.joined(separator: ", ")
        return """
            CREATE TEMP TABLE copied AS SELECT \(table).*, n FROM \(table), numbers ORDER BY n;
            UPDATE copied SET \(changes);
            ALTER TABLE copied DROP COLUMN n;
            INSERT INTO main.\(table) SELECT * FROM copied;
            DROP TABLE copied;
            """
    }
}

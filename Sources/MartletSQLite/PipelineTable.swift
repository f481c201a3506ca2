import GRDB
import MartletCore

/// The pipelines that the scheduler knows, and their versions.
struct PipelineTable {
    let db: Database

    private static let columns = """
        pipeline, version, manifest_hash, source, program, is_paused, pause_note, registered_us, version_us, \
        datasets_from
        """

    func all() throws -> [PipelineRecord] {
        try db.all("SELECT \(Self.columns) FROM pipelines ORDER BY pipeline", [], record)
    }

    func record(of pipeline: PipelineID) throws -> PipelineRecord? {
        try db.all("SELECT \(Self.columns) FROM pipelines WHERE pipeline = ?", [pipeline.rawValue], record).first
    }

    func versions(of pipeline: PipelineID) throws -> [PipelineVersion] {
        let sql = "SELECT number, manifest_hash, at_us FROM pipeline_versions WHERE pipeline = ? ORDER BY number"
        return try db.all(sql, [pipeline.rawValue]) { row in
            PipelineVersion(
                pipeline: pipeline,
                number: row[0],
                manifestHash: row[1],
                at: Timestamp(microseconds: row[2])
            )
        }
    }

    /// Writes `record`, and its version when that is new.
    func put(_ record: PipelineRecord) throws {
        let sql = """
            INSERT INTO pipelines (\(Self.columns)) VALUES (\(placeholders(10)))
            ON CONFLICT (pipeline) DO UPDATE SET
                version = excluded.version, manifest_hash = excluded.manifest_hash, source = excluded.source,
                program = excluded.program, version_us = excluded.version_us
            """
        try db.run(
            sql,
            [
                record.pipeline.rawValue, record.version, record.manifestHash, column(record.source),
                column(record.program), record.isPaused, column(record.pauseNote), record.registeredAt.microseconds,
                record.versionAt.microseconds, record.datasetsFrom,
            ]
        )
        try db.run(
            "INSERT INTO pipeline_versions (pipeline, number, manifest_hash, at_us) VALUES (?, ?, ?, ?) "
                + "ON CONFLICT DO NOTHING",
            [record.pipeline.rawValue, record.version, record.manifestHash, record.versionAt.microseconds]
        )
    }

    /// Pauses a pipeline or lets it go on; false when there is no such pipeline.
    func setPaused(_ pipeline: PipelineID, _ isPaused: Bool, note: String?) throws -> Bool {
        try db.run(
            "UPDATE pipelines SET is_paused = ?, pause_note = ? WHERE pipeline = ?",
            [isPaused, isPaused ? column(note) : nil, pipeline.rawValue]
        )
        return db.changesCount > 0
    }

    /// Removes a pipeline, and with it its versions.
    func remove(_ pipeline: PipelineID) throws {
        try db.run("DELETE FROM pipelines WHERE pipeline = ?", [pipeline.rawValue])
    }

    private func record(_ row: Row) -> PipelineRecord {
        PipelineRecord(
            pipeline: PipelineID(trusted: row[0]),
            version: row[1],
            manifestHash: row[2],
            source: row[3],
            program: row[4],
            isPaused: row[5],
            pauseNote: row[6],
            registeredAt: Timestamp(microseconds: row[7]),
            versionAt: Timestamp(microseconds: row[8]),
            datasetsFrom: row[9]
        )
    }
}

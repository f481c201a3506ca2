import Foundation
import GRDB
import MartletCore

/// Writes the results of one cut, each by a statement that is prepared once.
struct ResultWriter {
    private let db: Database
    private let schema: ResultSchema
    private let valueText = StreamTimeText()

    init(_ db: Database, _ schema: ResultSchema) {
        self.db = db
        self.schema = schema
    }

    private var name: String { ResultSchema.quoted(schema.table.name) }

    func write(_ results: StreamResults) throws {
        if schema.table.hasWindows, !results.panes.isEmpty { try write(panes: results.panes) }
        if !schema.table.hasWindows, !results.rows.isEmpty { try write(rows: results.rows) }
        if !results.rejected.isEmpty { try write(rejected: results.rejected) }
    }

    /// The statement that puts a row in the place of one with the same key.
    private func upsert() throws -> Statement {
        let columns = schema.names.map(ResultSchema.quoted)
        let identity = Set(schema.identity)
        let changes = schema.names.filter { !identity.contains($0) }.map(ResultSchema.quoted)
            .map { "\($0) = excluded.\($0)" }
        let action = changes.isEmpty ? "NOTHING" : "UPDATE SET \(changes.joined(separator: ", "))"
        return try db.cachedStatement(
            sql: """
                INSERT INTO \(name) (\(columns.joined(separator: ", "))) VALUES (\(placeholders(columns.count)))
                ON CONFLICT (\(schema.identity.map(ResultSchema.quoted).joined(separator: ", "))) DO \(action)
                """
        )
    }

    private func write(panes: [Pane]) throws {
        let upsert = try upsert()
        let conditions = schema.identity.map { "\(ResultSchema.quoted($0)) IS ?" }
        let delete = try db.cachedStatement(sql: "DELETE FROM \(name) WHERE \(conditions.joined(separator: " AND "))")
        let (keys, values) = (schema.table.key.count, schema.table.values.count)
        // Panes of one window come together.
        var window: StreamWindow?
        var (start, end): (DatabaseValue, DatabaseValue) = (.null, .null)
        var row = [DatabaseValue]()
        for pane in panes {
            guard pane.key.count == keys, pane.values.count == values || pane.isRetraction else {
                throw MartletError(.internalFault, "a result does not fit its table", remedy: "please report this")
            }
            if pane.window != window {
                window = pane.window
                start = schema.table.windowText.text(pane.window.start).databaseValue
                end = schema.table.windowText.text(pane.window.end).databaseValue
            }
            row.removeAll(keepingCapacity: true)
            for value in pane.key { row.append(databaseValue(value)) }
            let hasNull = row.contains { $0.isNull }
            row.append(start)
            row.append(end)
            // Nulls are never equal to SQLite's primary keys, so such a row is not found by a conflict.
            if pane.isRetraction || hasNull { try delete.execute(arguments: StatementArguments(row)) }
            if pane.isRetraction { continue }
            for value in pane.values { row.append(databaseValue(value)) }
            row.append(Int64(pane.index).databaseValue)
            try upsert.execute(arguments: StatementArguments(row))
        }
    }

    private func write(rows: [StreamRow]) throws {
        let upsert = try upsert()
        let values = schema.table.values.count
        for row in rows {
            guard row.values.count == values else {
                throw MartletError(.internalFault, "a result does not fit its table", remedy: "please report this")
            }
            var list = row.values.map(databaseValue)
            list.append(Int64(row.partition.partition).databaseValue)
            list.append(row.offset.databaseValue)
            list.append(valueText.text(row.time).databaseValue)
            try upsert.execute(arguments: StatementArguments(list))
        }
    }

    private func write(rejected: [RejectedEvent]) throws {
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO \(ResultSchema.quoted(schema.rejectedName))
                (_topic, _partition, _offset, reason, detail, time, key, value) VALUES (\(placeholders(8)))
                """
        )
        for event in rejected {
            let scaled = event.timestamp.multipliedReportingOverflow(by: 1000)
            let time = event.timestamp < 0 || scaled.overflow ? nil : valueText.text(scaled.partialValue)
            try insert.execute(arguments: [
                event.partition.topic, event.partition.partition, event.offset, event.reason, column(event.detail),
                time, event.key.map { Data($0) }, event.value.map { Data($0) },
            ])
        }
    }

    private func databaseValue(_ value: StreamValue) -> DatabaseValue {
        switch value {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .double(let number): number.isNaN ? .null : number.databaseValue
        case .text(let text): column(text)?.databaseValue ?? .null
        case .boolean(let truth): (truth ? Int64(1) : 0).databaseValue
        case .timestamp(let time): valueText.text(time).databaseValue
        }
    }
}

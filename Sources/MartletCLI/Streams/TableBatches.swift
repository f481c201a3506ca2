import MartletCore
import MartletStreams

/// The rows of a table as batches of a stream, so that one definition runs over both.
///
/// Rows are numbered in the order of the file: what `martlet stream produce` sends of it has the same order within a
/// time.
struct TableBatches: AsyncSequence {
    private let pieces: TablePieces
    private let fields: [StreamField]
    private let timeColumn: Int?

    /// The rows of a table with the columns of a definition's records.
    ///
    /// - Throws: ``MartletError`` MT6030 when the table lacks a column.
    init(_ table: any TableSession, _ input: StreamInput, shownAs shown: String) throws(MartletError) {
        let known = table.columns.map(\.name)
        for field in input.fields where !known.contains(field.name) {
            throw MartletError(
                .streamDefinitionInvalid,
                "\(shown) has no column \(field.name)",
                remedy: NearestName.of(field.name, among: known).map { "did you mean \($0)?" }
                    ?? "its columns are \(known.prefix(20).joined(separator: ", "))"
            )
        }
        fields = input.fields
        timeColumn = input.fields.firstIndex { $0.name == input.timeField }
        let columns = input.fields.map { Self.expression($0) }
        pieces = TablePieces(
            session: table,
            sql: "SELECT \(columns.joined(separator: ", ")) FROM \(table.relation)"
        )
    }

    private static func expression(_ field: StreamField) -> String {
        let name = EventFile.quoted(field.name)
        return switch field.type {
        case .integer: "CAST(\(name) AS BIGINT)"
        case .double: "CAST(\(name) AS DOUBLE)"
        case .text: "CAST(\(name) AS VARCHAR)"
        case .boolean: "CAST(\(name) AS BOOLEAN)"
        case .timestamp: "epoch_us(CAST(\(name) AS TIMESTAMP))"
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(pieces: pieces.makeAsyncIterator(), fields: fields, timeColumn: timeColumn)
    }

    /// Takes one batch after the other.
    struct Iterator: AsyncIteratorProtocol {
        fileprivate var pieces: TablePieces.Iterator
        fileprivate let fields: [StreamField]
        private let timeColumn: Int?
        private var offset: Int64 = 0

        fileprivate init(pieces: TablePieces.Iterator, fields: [StreamField], timeColumn: Int?) {
            self.pieces = pieces
            self.fields = fields
            self.timeColumn = timeColumn
        }

        mutating func next() async throws -> StreamBatch? {
            guard let piece = try await pieces.next() else { return nil }
            let rows = piece.rows
            let columns = fields.indices.map { TableBatches.column(rows, $0, fields[$0].type) }
            let batch = try StreamBatch(
                partition: 0,
                columns: columns,
                // A row was written when it happened, as far as a file tells.
                timestamps: rows.map { row in timeColumn.map { TableBatches.integer(row[$0]) } ?? 0 },
                firstOffset: offset
            )
            offset += Int64(rows.count)
            return batch
        }
    }

    private static func column(_ rows: [[SQLValue]], _ index: Int, _ type: StreamType) -> StreamColumn {
        let present = rows.map { $0[index] != .null }
        let storage: StreamColumn.Storage =
            switch type {
            case .integer: .integers(rows.map { integer($0[index]) })
            case .timestamp: .timestamps(rows.map { integer($0[index]) })
            case .double: .doubles(rows.map { if case .double(let number) = $0[index] { number } else { 0 } })
            case .boolean: .booleans(rows.map { $0[index] == .boolean(true) })
            case .text: .texts(texts(rows, index))
            }
        return StreamColumn(storage, validity: present.contains(false) ? present : nil)
    }

    private static func integer(_ value: SQLValue) -> Int64 {
        if case .integer(let number) = value { number } else { 0 }
    }

    private static func texts(_ rows: [[SQLValue]], _ index: Int) -> TextColumn {
        var column = TextColumn()
        for row in rows { if case .text(let text) = row[index] { column.append(text) } else { column.append("") } }
        return column
    }
}

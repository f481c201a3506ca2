public import MartletCore

/// What stands in for a dataset in a test.
public enum Fixture: Hashable, Sendable {
    /// A file or a folder by its absolute path; its extension tells the format.
    case file(String)
    /// A file with this text.
    case text(String, format: DatasetFormat?)
    /// A file with these rows; CSV unless told otherwise.
    case rows(FixtureRows, format: DatasetFormat?)
}

/// The rows of a fixture that is written in the test itself.
public struct FixtureRows: Hashable, Sendable {
    /// The columns, in order.
    public var columns: [String]
    /// The values of each row, in the order of the columns; null where there is none.
    public var rows: [[JSONValue]]

    /// Rows given by name; columns are ordered by their first appearance, and by name within a row.
    public init(_ rows: [[String: JSONValue]]) {
        self.init(rows.map { row in row.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } })
    }

    /// Rows given by name and in order; columns are ordered by their first appearance.
    public init(_ rows: [[(column: String, value: JSONValue)]]) {
        var places: [String: Int] = [:]
        var columns: [String] = []
        for (column, _) in rows.joined() where places[column] == nil {
            places[column] = columns.count
            columns.append(column)
        }
        self.columns = columns
        self.rows = rows.map { row in
            var values = [JSONValue](repeating: .null, count: columns.count)
            for (column, value) in row { if let place = places[column] { values[place] = value } }
            return values
        }
    }

    /// The rows as CSV (RFC 4180) with a header, or as JSON lines.
    public func text(_ format: DatasetFormat?) -> String {
        if format == .jsonl {
            let lines = rows.map { row in
                JSONValue.object(Dictionary(uniqueKeysWithValues: zip(columns, row))).jsonText + "\n"
            }
            return lines.joined()
        }
        let lines = [columns] + rows.map { $0.map { $0 == .null ? "" : $0.displayText } }
        return lines.map { $0.map(Self.field).joined(separator: ",") + "\n" }.joined()
    }

    private static func field(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { [10, 13, 34, 44].contains($0) }
        return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}

/// A fixture as steps can read it.
public struct PlacedFixture: Hashable, Sendable {
    /// The file or folder; absolute.
    public var path: String
    /// The format; nil when nothing tells it.
    public var format: DatasetFormat?

    /// A fixture with its place.
    public init(path: String, format: DatasetFormat?) {
        self.path = path
        self.format = format
    }
}

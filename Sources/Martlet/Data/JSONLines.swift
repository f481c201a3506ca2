import Foundation

/// Reads files with one JSON value a line.
enum JSONLines {
    /// The rows in `data`; empty lines are passed over.
    static func rows<Row: Decodable>(_ type: Row.Type, in data: Data, of path: String) throws(MartletError) -> [Row] {
        let decoder = JSONDecoder()
        var rows: [Row] = []
        for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ [9, 13, 32].contains($0) }) { continue }
            do {
                rows.append(try decoder.decode(type, from: Data(line)))
            } catch {
                throw MartletError(
                    .syntaxInvalid,
                    "a line is not a \(Row.self)",
                    remedy: "make the type in Swift fit the lines of the file",
                    location: SourceLocation(file: path, line: index + 1),
                    cause: String(describing: error)
                )
            }
        }
        return rows
    }
}

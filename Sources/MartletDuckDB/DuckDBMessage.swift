import Foundation
import MartletCore

/// An error as DuckDB reports it.
///
/// With its setting `errors_as_json` DuckDB gives errors as a JSON object, often after a plain prefix
/// (`Parser Error: {"exception_type":"Parser","position":"11",...}`). A few errors are plain text all the same.
struct DuckDBMessage: Error, Hashable {
    /// The kind of error, as in `Binder`; empty when unknown.
    var type = ""
    /// The explanation, often several lines with hints.
    var text: String
    /// The first byte that the error is about, in the text given to DuckDB.
    var position: Int?
    /// How many bytes the error is about, when known.
    var length: Int?
    /// The name that does not exist, when that of a table is the error.
    var unknownTable: String?

    /// Understands `raw`, DuckDB's text.
    init(_ raw: String) {
        let trimmed = raw.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let start = trimmed.firstIndex(of: "{"),
            let fields = try? JSONText.decode(Fields.self, from: String(trimmed[start...]))
        else {
            text = trimmed
            return
        }
        type = fields.exceptionType
        text = fields.exceptionMessage
        position = fields.position.flatMap { Int($0) }
        // `location`, from DuckDB 2.0 on, is "[position,length]".
        let numbers = fields.location?.split(whereSeparator: { "[], ".contains($0) }).map { Int($0) } ?? []
        if numbers.count == 2 { length = numbers[1] }
        if fields.errorSubtype == "MISSING_ENTRY", fields.type == "Table" { unknownTable = fields.name }
    }

    /// The members of DuckDB's JSON, of which every value is a string.
    private struct Fields: Decodable {
        var exceptionType: String
        var exceptionMessage: String
        var errorSubtype: String?
        var position: String?
        var location: String?
        var type: String?
        var name: String?

        enum CodingKeys: String, CodingKey {
            case exceptionType = "exception_type"
            case exceptionMessage = "exception_message"
            case errorSubtype = "error_subtype"
            case position, location, type, name
        }
    }
}

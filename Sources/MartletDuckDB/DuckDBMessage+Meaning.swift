import MartletCore

extension DuckDBMessage {
    /// How DuckDB starts a message about a line of a CSV file; what is wrong with it stands below.
    private static let csvHeadline = "CSV Error on Line"

    /// Whether it is about a line of a CSV file.
    var isAboutCSVLine: Bool { text.hasPrefix(Self.csvHeadline) }

    /// The number of the error that a statement causes.
    var code: ErrorCode {
        switch type {
        case "Parser", "Syntax", "Binder", "Catalog", "Expression", "Parameter Not Resolved": .sqlInvalid
        case "Interrupt": .sqlCancelled
        default: .sqlFailed
        }
    }

    /// The first line, with what is wrong in it, and all others.
    var headlineAndDetails: (headline: String, details: [String]) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var headline = lines.isEmpty ? "" : lines.removeFirst()
        if isAboutCSVLine, let detail = lines.firstIndex(where: { $0.hasPrefix("Error ") }) {
            headline += ": " + lines.remove(at: detail)
        }
        return (headline, lines)
    }
}

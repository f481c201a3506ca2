import MartletCore

/// Turns what DuckDB says about a table into errors.
enum TableFailure {
    /// The cause of an error of a query that needs more memory than it may have.
    static let outOfMemory = "DuckDB Out of Memory Error"

    /// The error of a call that was stopped.
    static var cancelled: MartletError {
        MartletError(.sqlCancelled, "the query was stopped before its end", remedy: "nothing was changed; run it again")
    }

    /// The error of files that cannot be read.
    static func unreadable(_ name: String, _ files: TableFiles, _ message: DuckDBMessage) -> MartletError {
        let path = files.paths.first { message.text.contains($0) } ?? files.paths.first ?? ""
        let (headline, details) = message.headlineAndDetails
        let format = files.format.rawValue
        guard message.isAboutCSVLine else {
            return MartletError(
                .sqlInputUnreadable,
                "input \(name) cannot be read as \(format): \(path)",
                reason: message.text.isEmpty ? nil : message.text,
                remedy: "correct the file, or declare the format it has",
                cause: cause(of: message)
            )
        }
        // What follows is advice about options, which nobody can set here.
        let reason = details.prefix { !$0.isEmpty && !$0.hasPrefix("Possible") && !$0.hasPrefix("Column ") }
        return MartletError(
            .sqlInputUnreadable,
            "input \(name) cannot be read as \(format): \(path): \(headline)",
            reason: reason.isEmpty ? nil : reason.joined(separator: "\n"),
            remedy: "correct that line",
            cause: cause(of: message)
        )
    }

    /// The error of a file that is not a whole Parquet file.
    static func unreadable(_ file: ParquetFile.Unreadable) -> MartletError {
        MartletError(
            .sqlInputUnreadable,
            "\(file.path) cannot be read as parquet",
            reason: file.reason,
            remedy: "write the file anew; a copy may have been cut short"
        )
    }

    /// The error of `sql` over `inputs`.
    static func error(
        _ message: DuckDBMessage,
        of sql: String,
        inputs: [TableDatabase.Input]
    ) -> MartletError {
        let broken = inputs.first { input in
            message.code == .sqlFailed && input.files.paths.contains { message.text.contains($0) }
        }
        if let broken { return unreadable(broken.name, broken.files, message) }
        let (headline, details) = message.headlineAndDetails
        let remedy =
            switch message.type {
            case "Out of Memory": "give the check more memory or fewer threads, or let it look at less at once"
            case "Conversion": "correct the data, or use TRY_CAST to get NULL for what does not fit"
            default: nil as String?
            }
        return MartletError(
            message.code,
            headline,
            reason: details.isEmpty ? nil : details.joined(separator: "\n"),
            remedy: remedy,
            cause: cause(of: message)
        )
    }

    /// The error of text that is not one statement that only returns rows.
    static func refused(_ sql: String, count: Int) -> MartletError {
        MartletError(
            .sqlInvalid,
            count == 1 ? "the statement does not only return rows" : "\(count) statements stand where one may stand",
            reason: String(sql.prefix(200)),
            remedy: "write one SELECT; a check changes nothing"
        )
    }

    private static func cause(of message: DuckDBMessage) -> String? {
        message.type.isEmpty ? nil : "DuckDB \(message.type) Error"
    }
}

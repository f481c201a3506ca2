import MartletCore

/// Turns what DuckDB says about a script into an error that points into the script.
struct ScriptError {
    var script: SQLScript
    var transform: SQLTransform

    /// The error for `message`, whose position counts from byte `offset` of the script.
    func error(_ message: DuckDBMessage, offset: Int) -> MartletError {
        let place = message.position.flatMap { position in
            ScriptPlace(in: script.text, byte: position + offset, length: message.length)
        }
        var (headline, lines) = message.headlineAndDetails
        let nearest = message.unknownTable.flatMap { NearestName.of($0, among: transform.inputs.map(\.name)) }
        if nearest != nil {
            // DuckDB does not look among the inputs for a similar name, and offers one of its own tables.
            lines.removeAll { $0.hasPrefix("Did you mean") }
        }
        while lines.first?.isEmpty == true { lines.removeFirst() }
        if let place { lines += place.excerpt(firstLine: transform.firstLine) }

        return MartletError(
            message.code,
            (place.map { "line \($0.line + transform.firstLine - 1), column \($0.column): " } ?? "") + headline,
            reason: lines.isEmpty ? nil : lines.joined(separator: "\n"),
            remedy: remedy(for: message, nearest: nearest),
            location: location(place),
            cause: message.type.isEmpty ? nil : "DuckDB \(message.type) Error"
        )
    }

    /// The error of a script that leaves output `output` without rows; `names` are the tables and views it made.
    func missingOutput(_ output: TableOutput, names: [String]) -> MartletError {
        let made = names.isEmpty ? "the script makes no table or view" : "the script makes \(list(names))"
        let isOnly = transform.outputs.count == 1
        let ending = isOnly ? "end the script with a SELECT, or " : ""
        let nearest = NearestName.of(output.name, among: names).map { "; did you mean \($0)?" } ?? ""
        return MartletError(
            .sqlOutputMissing,
            "the script makes no rows for its output \(output.name)",
            reason: isOnly ? "its last statement returns no rows, and \(made)" : made,
            remedy: "\(ending)make a table or view named \(output.name)\(nearest)",
            location: location(nil)
        )
    }

    /// The error of a script without a statement.
    var empty: MartletError {
        MartletError(
            .sqlOutputMissing,
            "the script holds no statement",
            reason: script.text.isEmpty ? "it is empty" : "it holds nothing but spaces and comments",
            remedy: "write a SELECT whose rows are the output",
            location: location(nil)
        )
    }

    /// The error of a script with a byte that no text has.
    var zeroByte: MartletError {
        MartletError(
            .sqlInvalid,
            "the script holds a zero byte",
            remedy: "save the script as UTF-8 text",
            location: location(nil)
        )
    }

    /// The error of a script that Martlet cuts into other statements than DuckDB does.
    func miscut(ours: Int, theirs: Int) -> MartletError {
        MartletError(
            .sqlInvalid,
            "it is unclear where the script's last statement starts",
            reason: "Martlet counts \(ours) statements in it, DuckDB \(theirs)",
            remedy: "write unusual statements more plainly, or move them into a step of their own",
            location: location(nil)
        )
    }

    /// The error of a script that was stopped.
    var cancelled: MartletError {
        MartletError(
            .sqlCancelled,
            "the script was stopped before its end",
            remedy: "nothing was written; run the step again",
            location: location(nil)
        )
    }

    private func remedy(for message: DuckDBMessage, nearest: String?) -> String? {
        let inputs = transform.inputs.map(\.name)
        return switch message.type {
        case "Catalog" where message.unknownTable != nil:
            (nearest.map { "did you mean \($0)? " } ?? "")
                + (inputs.isEmpty ? "the step has no inputs; declare one" : "the inputs are \(list(inputs))")
        case _ where message.isAboutCSVLine:
            "correct the file, or read it in the script by read_csv with the types it has"
        case "Conversion": "correct the data, or use TRY_CAST to get NULL for what does not fit"
        case "Out of Memory": "give the step more memory or fewer threads, or let it work on less at once"
        case "IO": "check that the files exist and that the disk has room"
        case "Missing Extension": "install the extension once with INSTALL, and LOAD it in the script"
        default: nil
        }
    }

    private func list(_ names: [String]) -> String {
        let shown = names.prefix(20).joined(separator: ", ")
        return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
    }

    private func location(_ place: ScriptPlace?) -> SourceLocation? {
        transform.scriptName.map { name in
            SourceLocation(file: name, line: place.map { $0.line + transform.firstLine - 1 }, column: place?.column)
        }
    }
}

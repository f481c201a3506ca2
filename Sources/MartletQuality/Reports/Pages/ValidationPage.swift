import MartletCore

/// The page of one validation: the verdict, the facts, and each result under its column.
package enum ValidationPage {
    /// The page of `record`, whose summary says where it stands.
    package static func document(_ record: ValidationRecord, _ summary: ValidationSummary) -> ReportDocument {
        let groups = groups(of: record)
        var blocks: [ReportBlock] = [
            .facts(facts(record, summary)), .figures(figures(record)),
        ]
        let errors = record.results.count { !$0.failures.isEmpty }
        if errors > 0 {
            let words = errors == 1 ? "One expectation" : "\(ReportNumber.grouped(errors)) expectations"
            blocks.append(.notice(.error, [.plain("\(words) could not be evaluated; see below why.")]))
        }
        let hidden = record.results.count - Limits.reportResults
        if hidden > 0 {
            blocks.append(
                .notice(.warning, [.plain("\(ReportNumber.grouped(hidden)) more results are in \(summary.key).")])
            )
        }
        if record.results.isEmpty { blocks.append(.paragraph(["The suite has no expectations."])) }
        var sections = groups.map { section($0, in: record) }
        if let batch = batchSection(record) { sections.append(batch) }
        return ReportDocument(
            path: summary.page,
            area: .validations,
            kind: "Validation of \(record.dataset)",
            title: record.suite,
            status: record.status,
            blocks: blocks,
            sections: sections,
            offersFailedOnly: record.results.contains(where: \.success) && !record.success
        )
    }

    private static func facts(_ record: ValidationRecord, _ summary: ValidationSummary) -> [ReportFact] {
        var facts = [
            ReportFact("Suite", [.link(record.suite, .page(ReportPath.suite(summary.suite)))]),
            ReportFact("Dataset", [.link(record.dataset, .page(ReportPath.dataset(summary.dataset)))]),
            ReportFact("Validated", [.time(summary.time)]),
        ]
        if let name = record.runName { facts.append(ReportFact("Run", [.code(name)])) }
        for version in record.versions {
            facts.append(ReportFact("Data \(version.name)", [.code(ReportNumber.exact(version.value))]))
        }
        if let rows = record.rowCount { facts.append(ReportFact("Rows", [.plain(ReportNumber.grouped(rows))])) }
        if let writer = record.writer { facts.append(ReportFact("Written by", [.plain(writer)])) }
        return facts
    }

    private static func figures(_ record: ValidationRecord) -> [ReportFigure] {
        let statistics = record.statistics
        let failed = statistics.unsuccessful
        let percent = statistics.share.map { ReportNumber.percent(share: $0) } ?? "–"
        return [
            ReportFigure("evaluated", ReportNumber.grouped(statistics.evaluated)),
            ReportFigure("successful", ReportNumber.grouped(statistics.successful)),
            ReportFigure("unsuccessful", ReportNumber.grouped(failed), status: failed > 0 ? record.status : nil),
            ReportFigure("success", percent),
        ]
    }

    // MARK: - Results by column

    private struct Group {
        /// Nil is the table.
        var column: String?
        var results: [ExpectationRecord]
        var worst: ReportStatus { results.map(\.status).max() ?? .passed }
    }

    /// Results by column: the table first, then columns with failures, then the others; each by name.
    private static func groups(of record: ValidationRecord) -> [Group] {
        let shown =
            record.results.count <= Limits.reportResults
            ? record.results
            : Array(record.results.sorted { $0.status > $1.status }.prefix(Limits.reportResults))
        let groups = Dictionary(grouping: shown, by: \.column).map { Group(column: $0.key, results: $0.value) }
        return groups.sorted { left, right in
            guard let first = left.column else { return true }
            guard let second = right.column else { return false }
            if left.worst.isBad != right.worst.isBad { return left.worst.isBad }
            return first < second
        }
    }

    private static func section(_ group: Group, in record: ValidationRecord) -> ReportSection {
        let failed = group.results.count { !$0.success }
        let remark =
            failed == 0
            ? "\(ReportNumber.grouped(group.results.count)) met"
            : "\(ReportNumber.grouped(failed)) of \(ReportNumber.grouped(group.results.count)) not met"
        var table = ReportTable(
            [
                ReportTable.Column("Status", .narrow), ReportTable.Column("Expectation", .wide),
                ReportTable.Column("Observed"),
            ]
        )
        // The order of a result's list means nothing: errors come first there, whatever the suite says.
        table.rows = group.results.enumerated()
            .sorted { ($1.element.status, $0.offset) < ($0.element.status, $1.offset) }
            .map { row($0.element) }
        return ReportSection(
            group.column.map { "column-\(ReportPath.digest($0))" } ?? "table",
            group.column.map { [.plain($0)] } ?? ["Table"],
            status: group.worst,
            remark: [.plain(remark)],
            blocks: [.table(table)]
        )
    }

    private static func row(_ result: ExpectationRecord) -> ReportTable.Row {
        var status: ReportText = [.status(result.status)]
        if let severity = result.severity, !result.success { status.append(.severity(severity)) }
        let sentence = CheckSentence.text(result.type, result.arguments)
        var notes: [ReportBlock] = result.notes.map { .paragraph([.faint($0)]) }
        if result.description != nil { notes.insert(.paragraph(sentence), at: 0) }
        let observed = ObservedValue(result)
        return ReportTable.Row(
            [
                ReportTable.Cell(status),
                ReportTable.Cell(
                    result.description.map { [.strong($0)] } ?? sentence,
                    blocks: notes + failureBlocks(result)
                ),
                ReportTable.Cell(observed.text, blocks: observed.blocks),
            ],
            status: result.status
        )
    }

    private static func failureBlocks(_ result: ExpectationRecord) -> [ReportBlock] {
        result.failures.flatMap { failure -> [ReportBlock] in
            let message = ReportNumber.cut(failure.message, to: Limits.reportTextCharacters)
            let notice = ReportBlock.notice(.error, [.plain(message)])
            guard let traceback = failure.traceback, !traceback.isEmpty else { return [notice] }
            return [notice, .disclosure("Traceback", isOpen: false, [.preformatted(traceback)])]
        }
    }

    private static func batchSection(_ record: ValidationRecord) -> ReportSection? {
        var facts = record.batch
        if let parameters = record.parameters { facts.append(ValidationRecord.Fact("suite_parameters", parameters)) }
        if facts.isEmpty { return nil }
        let blocks = facts.map { fact -> ReportBlock in
            .disclosure(
                fact.name.replacing("_", with: " "),
                isOpen: false,
                [.preformatted(ExactJSON.indented(fact.value))]
            )
        }
        return ReportSection("batch", ["Batch"], blocks: blocks)
    }
}

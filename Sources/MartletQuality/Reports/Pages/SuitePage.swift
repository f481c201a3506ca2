import MartletCore

/// The page of a suite: its expectations in prose, and what came of them.
struct SuitePage {
    let name: String
    /// Nil when only validations tell of it.
    let suite: Suite?
    /// The file it was read from.
    let file: String?
    let subject: ReportSubject?
    /// The newest of the pages with all its validations.
    let list: String?

    func document() -> ReportDocument {
        var blocks: [ReportBlock] = []
        if !facts.isEmpty { blocks.append(.facts(facts)) }
        blocks += ReportNotes.lines(suite?.notes).map { .paragraph([.plain($0)]) }
        blocks += ReportNotes.lines(suite?.meta["notes"]).map { .paragraph([.plain($0)]) }
        if suite == nil {
            blocks.append(.paragraph(["The file of this suite was not found; the page shows its validations."]))
        }
        return ReportDocument(
            path: ReportPath.suite(name),
            area: .suites,
            kind: "Suite",
            title: name,
            status: subject?.latestStatus,
            blocks: blocks,
            sections: validationSections + expectationSections
        )
    }

    private var facts: [ReportFact] {
        var facts: [ReportFact] = []
        if let suite {
            facts.append(ReportFact("Expectations", [.plain(ReportNumber.grouped(suite.expectations.count))]))
        }
        if let version = suite?.meta["version"] ?? suite?.extra["version"] {
            facts.append(ReportFact("Version", [.plain(ReportNumber.exact(version))]))
        }
        if let file { facts.append(ReportFact("File", [.code(file)])) }
        if let id = suite?.id { facts.append(ReportFact("Id", [.code(id)])) }
        if let version = suite?.meta["great_expectations_version"]?.stringValue {
            facts.append(ReportFact("Written by", [.plain("Great Expectations \(version)")]))
        }
        return facts
    }

    private var validationSections: [ReportSection] {
        guard let subject, !subject.validations.isEmpty else { return [] }
        return [subject.section(of: .suite, list: list)]
    }

    private var expectationSections: [ReportSection] {
        guard let suite else { return [] }
        if suite.expectations.isEmpty {
            return [ReportSection("rules", ["Expectations"], blocks: [.paragraph(["The suite has none."])])]
        }
        let records = suite.expectations.map { expectation in
            (ExpectationRecord.column(of: expectation.type, expectation.arguments), expectation)
        }
        return Dictionary(grouping: records) { $0.0 }
            .sorted { left, right in
                guard let first = left.key else { return right.key != nil }
                return right.key.map { first < $0 } ?? false
            }
            .map { column, members in
                ReportSection(
                    column.map { "column-\(ReportPath.digest($0))" } ?? "table",
                    column.map { [.plain($0)] } ?? ["Table"],
                    blocks: [.table(Self.table(members.map(\.1)))]
                )
            }
    }

    private static func table(_ expectations: [Expectation]) -> ReportTable {
        var table = ReportTable([ReportTable.Column("Expectation"), ReportTable.Column("Severity", .narrow)])
        table.rows = expectations.map { expectation in
            let sentence = CheckSentence.text(expectation.type, expectation.arguments)
            var blocks: [ReportBlock] = expectation.description == nil ? [] : [.paragraph(sentence)]
            let notes = ReportNotes.lines(expectation.notes) + ReportNotes.lines(expectation.meta["notes"])
            blocks += notes.map { .paragraph([.faint($0)]) }
            return ReportTable.Row([
                ReportTable.Cell(expectation.description.map { [.strong($0)] } ?? sentence, blocks: blocks),
                ReportTable.Cell([.plain(expectation.severity.rawValue)]),
            ])
        }
        return table
    }
}

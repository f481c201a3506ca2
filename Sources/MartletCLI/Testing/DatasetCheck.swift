import Foundation
import MartletCore
import MartletRuntime
import MartletScheduling
import OrderedCollections

/// Holds the files that a run wrote against what its test expects.
struct DatasetCheck {
    let result: TestRunResult
    let manifest: PipelineManifest
    let source: SourceText
    let reader: TableFile
    private(set) var failures: [MartletError] = []

    init(_ result: TestRunResult, _ manifest: PipelineManifest, _ source: SourceText, _ reader: TableFile) {
        self.result = result
        self.manifest = manifest
        self.source = source
        self.reader = reader
    }

    /// Everything that is not as expected of datasets and of logs.
    mutating func run(_ expectation: RunExpectation) async {
        for dataset in expectation.datasets {
            await check(dataset.value.expected, of: dataset.value.dataset, at: dataset.position)
        }
        for step in expectation.steps {
            if let log = step.value.expected.log { checkLog(log, of: step.value.instance) }
        }
    }

    private mutating func report(_ position: TextPosition, _ message: String, reason: String? = nil) {
        failures.append(
            MartletError(.expectationFailed, message, reason: reason, location: source.location(position))
        )
    }

    private mutating func check(
        _ expected: DatasetExpectation,
        of dataset: DatasetID,
        at position: TextPosition
    ) async {
        let known = manifest.steps.flatMap(\.outputs).map(\.dataset)
        guard known.contains(dataset) else {
            let nearest = NearestName.of(dataset.rawValue, among: known.map(\.rawValue))
            return report(
                position,
                "no step of pipeline \(manifest.pipeline) writes \(dataset)",
                reason: nearest.map { "did you mean \($0)?" }
            )
        }
        let outputs = result.outputs(of: dataset)
        let isThere = !outputs.isEmpty
        if let exists = expected.exists, exists.value != isThere {
            report(exists.position, isThere ? "dataset \(dataset) was written" : "dataset \(dataset) was not written")
        }
        guard isThere else {
            if expected.exists == nil { report(position, "dataset \(dataset) was not written") }
            return
        }
        if let text = expected.text { checkText(text, of: dataset, outputs) }
        await checkRows(expected, of: dataset, outputs)
    }

    private mutating func checkText(_ text: Placed<String>, of dataset: DatasetID, _ outputs: [DatasetOutput]) {
        let content = outputs.compactMap { FileManager.default.contents(atPath: $0.path) }
        if content.contains(where: { $0.firstRange(of: Array(text.value.utf8)) != nil }) { return }
        let start = content.first.map { String(decoding: $0.prefix(300), as: UTF8.self) }
        report(
            text.position,
            "dataset \(dataset) does not contain \"\(text.value)\"",
            reason: start.map { "it begins\n\($0)" }
        )
    }

    private mutating func checkRows(
        _ expected: DatasetExpectation,
        of dataset: DatasetID,
        _ outputs: [DatasetOutput]
    ) async {
        if let equals = expected.equals, case .file(let path, let shown) = equals.value,
            DatasetFormat(fileName: path) == nil
        {
            compareBytes(path, shown, equals.position, dataset, outputs)
        }
        let needsRows = [
            expected.rows?.position, expected.columns?.position, expected.contains?.position,
            expected.equals.flatMap { $0.value.hasRows ? $0.position : nil },
        ].compactMap(\.self)
        guard let place = needsRows.first else { return }
        do throws(MartletError) {
            let table = try await table(outputs)
            if let rows = expected.rows, let why = rows.value.objection(to: .integer(table.rows.count)) {
                report(rows.position, "the number of rows of \(dataset) \(why)")
            }
            if let columns = expected.columns, columns.value != table.columns {
                report(
                    columns.position,
                    "the columns of \(dataset) are others",
                    reason: TextDifference.lines(
                        expected: columns.value.joined(separator: ", "),
                        found: table.columns.joined(separator: ", ")
                    ).joined(separator: "\n")
                )
            }
            if let equals = expected.equals, equals.value.hasRows {
                let wanted = try await rows(equals.value)
                note(table.difference(from: wanted), wanted, equals.position, "the rows of \(dataset) are others")
            }
            if let contains = expected.contains {
                let wanted = try await rows(contains.value)
                note(table.missing(wanted), wanted, contains.position, "rows are not in \(dataset)")
            }
        } catch {
            var error = error
            error.location = source.location(place)
            failures.append(error)
        }
    }

    private mutating func note(
        _ difference: RowTable.Difference,
        _ expected: RowTable,
        _ position: TextPosition,
        _ message: String
    ) {
        if difference.isEmpty { return }
        var lines: [String] = []
        if !difference.missingColumns.isEmpty {
            lines.append("columns that are missing: \(difference.missingColumns.joined(separator: ", "))")
        }
        if !difference.otherColumns.isEmpty {
            lines.append("columns that were not expected: \(difference.otherColumns.joined(separator: ", "))")
        }
        if !difference.missing.isEmpty || !difference.others.isEmpty {
            lines.append("- expected, + found: \(expected.columns.joined(separator: ", "))")
        }
        for (mark, rows) in [("-", difference.missing), ("+", difference.others)] {
            lines += rows.prefix(Limits.shownDifferences).map { "\(mark) \($0.joined(separator: ", "))" }
            let rest = rows.count - Limits.shownDifferences
            if rest > 0 { lines.append("\(mark) and \(rest) more") }
        }
        report(position, message, reason: lines.joined(separator: "\n"))
    }

    /// The rows of all instances that wrote it.
    private func table(_ outputs: [DatasetOutput]) async throws(MartletError) -> RowTable {
        var whole: RowTable?
        for output in outputs {
            let table = try await reader.read(output.path, format: output.format)
            guard let known = whole else {
                whole = table
                continue
            }
            let places = known.columns.map { table.columns.firstIndex(of: $0) }
            whole?.rows += table.rows.map { row in places.map { $0.map { row[$0] } ?? "" } }
        }
        return whole ?? RowTable(columns: [], rows: [])
    }

    private func rows(_ content: ExpectedContent) async throws(MartletError) -> RowTable {
        switch content {
        case .file(let path, _): try await reader.read(path, format: nil)
        case .rows(let rows): RowTable(rows)
        }
    }

    private mutating func compareBytes(
        _ path: String,
        _ shown: String,
        _ position: TextPosition,
        _ dataset: DatasetID,
        _ outputs: [DatasetOutput]
    ) {
        guard let wanted = FileManager.default.contents(atPath: path) else {
            return report(position, "there is no file \(shown) to compare \(dataset) with")
        }
        for output in outputs {
            let found = FileManager.default.contents(atPath: output.path)
            if found == wanted { continue }
            let lines = TextDifference.lines(
                expected: String(decoding: wanted.prefix(Limits.valueBytes), as: UTF8.self),
                found: String(decoding: (found ?? Data()).prefix(Limits.valueBytes), as: UTF8.self)
            )
            report(position, "dataset \(dataset) is not the file \(shown)", reason: lines.joined(separator: "\n"))
        }
    }

    private mutating func checkLog(_ log: Placed<String>, of wanted: InstanceID) {
        let folder = RunLayout(root: result.folder)
        for step in result.projection.steps.values
        where wanted.index == nil ? step.id.step == wanted.step : step.id == wanted {
            let path = folder.attempt(step.id, max(1, step.attempts)).log
            let text = FileManager.default.contents(atPath: path) ?? Data()
            if text.firstRange(of: Array(log.value.utf8)) != nil { continue }
            let end = String(decoding: text.suffix(600), as: UTF8.self)
            report(
                log.position,
                "the log of step \(step.id) does not contain \"\(log.value)\"",
                reason: end.isEmpty ? "it is empty" : "it ends\n\(end)"
            )
        }
    }
}

extension ExpectedContent {
    /// Whether it is compared row by row.
    fileprivate var hasRows: Bool {
        switch self {
        case .file(let path, _): DatasetFormat(fileName: path) != nil
        case .rows: true
        }
    }
}

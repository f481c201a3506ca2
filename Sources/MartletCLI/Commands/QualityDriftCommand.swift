import ArgumentParser
import MartletCore
import MartletQuality
import MartletRuntime

/// `martlet quality drift`.
struct QualityDriftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Say whether data has changed its distribution.",
        discussion: """
            Each column is compared by its values, the lengths of its texts and its
            nulls. It drifts when the effect is at least the threshold and the chance of
            such an effect without drift is below alpha, adjusted for the number of
            tests. Data are files, folders, or datasets of the lake as NAME@REF.

              martlet quality drift --reference may.parquet --data june.parquet
              martlet quality drift --reference flights/raw@v1 --data flights/raw@main
              martlet quality drift --data log.csv --window-column at --split 2024-06-01
              martlet quality drift --reference a.csv --data b.csv --key id --ignore at

            Exit codes: 0 no drift, 1 drift, 2 the request was wrong, 3 a fault.
            """
    )

    @Option(help: ArgumentHelp("What is compared with.", valueName: "data"))
    var reference: String?

    @Option(help: ArgumentHelp("What is compared.", valueName: "data"))
    var data: String

    @Option(help: ArgumentHelp("Take the rows of this query of the reference, called data.", valueName: "query"))
    var referenceSql: String?

    @Option(help: ArgumentHelp("Take the rows of this query of the data, called data.", valueName: "query"))
    var dataSql: String?

    @Option(help: ArgumentHelp("Compare two windows of --data, by this column.", valueName: "column"))
    var windowColumn: String?

    @Option(help: ArgumentHelp("Where the second window begins.", valueName: "instant"))
    var split: String?

    @Option(
        help: ArgumentHelp(
            "How the effect is measured: \(MetricName.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "metric"
        )
    )
    var metric: MetricName = .psi

    @Option(help: ArgumentHelp("The least effect that is drift; 0.1 for every metric.", valueName: "number"))
    var threshold: Double?

    @Option(help: ArgumentHelp("The least difference of shares of nulls that is drift.", valueName: "share"))
    var missingThreshold = DriftRule().missingThreshold

    @Option(help: ArgumentHelp("The accepted chance of a false alarm, over all columns.", valueName: "chance"))
    var alpha = DriftRule().alpha

    @Option(help: ArgumentHelp("Bins of numbers: quantiles of the reference.", valueName: "count"))
    var bins = DriftRule().bins

    @Option(help: ArgumentHelp("Compare these columns as a key; can be repeated.", valueName: "a[,b]"))
    var key: [String] = []

    @Option(help: ArgumentHelp("The share of the reference's keys that the data has to keep.", valueName: "share"))
    var keep: Double?

    @Option(help: ArgumentHelp("Do not compare this column; can be repeated.", valueName: "column"))
    var ignore: [String] = []

    @Flag(help: "Show also what has not drifted.")
    var all = false

    @Flag(help: "Keep the comparison, for `martlet quality report`.")
    var save = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var project: ProjectOptions

    func run() async throws {
        try check()
        let sides = try await sides()
        let keys = key.map { $0.split(separator: ",").map(String.init) }
        let detector = DriftDetector(
            rule: DriftRule(
                metric: metric.metric,
                threshold: threshold,
                missingThreshold: missingThreshold,
                alpha: alpha,
                bins: bins
            ),
            ignored: Set(ignore + [windowColumn].compactMap(\.self)),
            keys: keys,
            leastKept: keep
        )
        let report = try await TableReading.run {
            try await detector.compare(
                reference: sides.reference.session,
                data: sides.data.session,
                names: (sides.reference.shown, sides.data.shown)
            )
        }
        if save {
            let records = QualityRecords(layout: try project.workspace().layout)
            let text = JSONText.encode(report)
            let path = try records.add(text, .drift, of: sides.data.shown, at: SystemTime().now)
            if !json { Output.talk("kept in \(path)") }
        }
        if json {
            Output.result(JSONText.encode(report))
        } else {
            Output.result(DriftText(style: .standardOutput, showsAll: all).lines(report).joined(separator: "\n"))
        }
        if report.drifted { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    private func check() throws(MartletError) {
        func refuse(_ message: String, _ remedy: String) -> MartletError {
            MartletError(.profileRequestInvalid, message, remedy: remedy)
        }
        guard (windowColumn == nil) == (split == nil) else {
            throw refuse("--window-column and --split go together", "give both, or none")
        }
        guard (windowColumn == nil) == (reference != nil) else {
            throw refuse(
                reference == nil ? "nothing says what to compare with" : "--reference and --window-column both say it",
                "give --reference DATA, or --window-column COLUMN and --split INSTANT"
            )
        }
        guard windowColumn == nil || referenceSql == nil else {
            throw refuse("--reference-sql has no reference to read", "give --data-sql, whose rows are then split")
        }
        guard alpha > 0, alpha < 1 else { throw refuse("--alpha is between 0 and 1, not \(alpha)", "try 0.01") }
        guard threshold.map({ $0 >= 0 && $0.isFinite }) ?? true else {
            throw refuse("--threshold is 0 or more", "try \(metric.metric.threshold)")
        }
        guard (0...1).contains(missingThreshold) else {
            throw refuse("--missing-threshold is a share, 0 to 1, not \(missingThreshold)", "try 0.02")
        }
        guard (2...Limits.driftBins).contains(bins) else {
            throw refuse("--bins is 2 to \(Limits.driftBins), not \(bins)", "try 10")
        }
        guard keep.map({ (0...1).contains($0) }) ?? true, keep == nil || !key.isEmpty else {
            throw refuse("--keep is a share, 0 to 1, of the keys that --key names", "give --key COLUMN --keep 0.95")
        }
        guard key.allSatisfy({ $0.contains { $0 != "," } }) else {
            throw refuse("--key names no column", "give --key COLUMN, or --key A,B")
        }
    }

    private func sides() async throws -> (reference: OpenTable, data: OpenTable) {
        let table = try await TableArgument(data, in: project)
        if let windowColumn, let split {
            let rows = dataSql.map { "(\($0))" } ?? "data"
            let queries = DriftWindow.queries(rows: rows, column: windowColumn, split: split)
            let before = try await table.open(sql: queries.before)
            let after = try await table.open(sql: queries.after)
            return (
                OpenTable(session: before.session, shown: "\(table.shown) before \(split)", data: table),
                OpenTable(session: after.session, shown: "\(table.shown) from \(split) on", data: table)
            )
        }
        let other = try await TableArgument(reference ?? "", in: project)
        return (try await other.open(sql: referenceSql), try await table.open(sql: dataSql))
    }
}

/// A metric as the command line names it.
enum MetricName: String, CaseIterable, ExpressibleByArgument {
    case psi, js, linf, hellinger, tv, ks, wasserstein

    var metric: DriftMetric { DriftMetric(rawValue: rawValue) ?? .psi }
}

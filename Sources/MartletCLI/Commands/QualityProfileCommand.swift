import ArgumentParser
import MartletCore
import MartletQuality
import MartletRuntime

/// `martlet quality profile`.
struct QualityProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Say what data is like: types, nulls, ranges, patterns, keys.",
        discussion: """
            DATA is a CSV, JSON Lines or Parquet file, a folder of them, or a dataset of
            the lake as NAME@REF. Queries call it data. A handful of scans is made, with
            flat memory; what is estimated says so.

              martlet quality profile flights.parquet
              martlet quality profile flights.parquet --column delay
              martlet quality profile flights/raw@v1 --json
              martlet quality profile orders.csv --sql "SELECT * FROM data WHERE paid"
            """
    )

    @Argument(help: ArgumentHelp("A file, a folder, or NAME@REF.", valueName: "data"))
    var data: String?

    @Option(help: ArgumentHelp("Profile the rows of this query.", valueName: "query"))
    var sql: String?

    @Option(help: ArgumentHelp("A dataset of the lake, at a branch, tag or commit.", valueName: "name[@ref]"))
    var dataset: String?

    @Option(help: ArgumentHelp("Show all that is known of this column; can be repeated.", valueName: "name"))
    var column: [String] = []

    @Option(help: ArgumentHelp("Bins of histograms.", valueName: "count"))
    var bins = Limits.profileBins

    @Flag(help: "Leave out keys, correlations and columns missing together.")
    var noPairs = false

    @Flag(help: "Keep the profile, for `martlet quality report`.")
    var save = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var project: ProjectOptions

    func run() async throws {
        guard (1...Limits.driftBins).contains(bins) else {
            throw MartletError(
                .profileRequestInvalid,
                "--bins is 1 to \(Limits.driftBins), not \(bins)",
                remedy: "leave it out for \(Limits.profileBins)"
            )
        }
        let table = try await open()
        let profile = try await TableReading.run {
            try await Profiler(bins: bins, looksAtPairs: !noPairs).profile(table.session, source: table.shown)
        }
        let shown = try column.map { try find($0, profile) }
        if save {
            let records = QualityRecords(layout: try project.workspace().layout)
            let text = JSONText.encode(profile)
            let path = try records.add(text, .profiles, of: table.shown, at: SystemTime().now)
            if !json { Output.talk("kept in \(path)") }
        }
        if json { return Output.result(JSONText.encode(profile)) }
        let text = ProfileText(style: .standardOutput)
        Output.result((shown.isEmpty ? text.lines(profile) : shown.flatMap(text.lines)).joined(separator: "\n"))
    }

    private func open() async throws -> OpenTable {
        guard data == nil || dataset == nil else {
            throw MartletError(
                .profileRequestInvalid,
                "both DATA and --dataset say what to profile",
                remedy: "give one of them"
            )
        }
        if let name = dataset ?? data {
            return try await TableArgument(name, isDataset: dataset != nil, in: project).open(sql: sql)
        }
        guard let sql else {
            throw MartletError(
                .profileRequestInvalid,
                "nothing says what to profile",
                remedy: "name a file, a dataset as NAME@REF, or a query with --sql"
            )
        }
        return try await TableArgument.open(query: sql)
    }

    private func find(_ name: String, _ profile: ProfileDocument) throws(MartletError) -> ColumnProfile {
        if let column = profile.columns.first(where: { $0.name == name }) { return column }
        throw MartletError(
            .profileColumnUnknown,
            "\"\(name)\" is not a column of \(profile.source)",
            remedy: NearestName.of(name, among: profile.columns.map(\.name)).map { "did you mean \"\($0)\"?" }
                ?? "name one of its columns"
        )
    }
}

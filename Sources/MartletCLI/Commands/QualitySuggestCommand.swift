import ArgumentParser
import Foundation
import MartletCore
import MartletQuality

/// `martlet quality suggest`.
struct QualitySuggestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "Propose a suite from one or several versions of data.",
        discussion: """
            Name the versions from old to new: files, folders, or datasets of the lake
            as NAME@REF. Every proposal says why it is made, and how often it would fail
            on data like that; together at most alpha. From one version, bounds on
            counts and means are wide; from five on they follow the history. Look the
            suite through before it holds anything back.

              martlet quality suggest flights.parquet
              martlet quality suggest may.csv june.csv july.csv --out quality/sales.json
              martlet quality suggest flights/raw@v1 flights/raw@main --alpha 0.001
            """
    )

    @Argument(help: ArgumentHelp("Versions of the data, the oldest first.", valueName: "data"))
    var data: [String]

    @Option(help: ArgumentHelp("Learn from the rows of this query of each version, called data.", valueName: "query"))
    var sql: String?

    @Option(help: ArgumentHelp("The accepted chance of a false alarm of the whole suite.", valueName: "chance"))
    var alpha = Suggester().alpha

    @Flag(help: "Tolerate nothing that was never seen; rates are not bounded then.")
    var strict = false

    @Option(help: ArgumentHelp("What the suite is called; else as the file, or suggested.", valueName: "name"))
    var name: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the suite to this file.", valueName: "file"))
    var out: String?

    @Flag(help: "Print the suite, in the JSON of Great Expectations 1.x.")
    var json = false

    @OptionGroup var project: ProjectOptions

    func run() async throws {
        guard alpha > 0, alpha < 1 else {
            throw MartletError(.profileRequestInvalid, "--alpha is between 0 and 1, not \(alpha)", remedy: "try 0.01")
        }
        guard data.count <= Limits.suggestedVersions else {
            throw MartletError(
                .profileRequestInvalid,
                "\(data.count) versions are more than \(Limits.suggestedVersions)",
                remedy: "name the latest ones"
            )
        }
        var profiles: [ProfileDocument] = []
        for version in data {
            let table = try await TableArgument(version, in: project).open(sql: sql)
            profiles.append(
                try await TableReading.run {
                    try await Profiler(told: Limits.suggestedSet).profile(table.session, source: table.shown)
                }
            )
        }
        let suggestion = try Suggester(alpha: alpha, isStrict: strict).suite(from: profiles, name: suiteName)
        if let out { try write(SuiteWriter.text(suggestion.suite), to: out) }
        if json {
            Output.result(ExactJSON.line(SuiteWriter.json(suggestion.suite)))
        } else {
            Output.result(SuggestionText(style: .standardOutput).lines(suggestion).joined(separator: "\n"))
            Output.talk(out.map { "written to \($0)" } ?? "\nkeep it with --out quality/\(suiteName).json")
        }
    }

    private var suiteName: String {
        if let name { return name }
        guard let out else { return "suggested" }
        return URL(fileURLWithPath: out).deletingPathExtension().lastPathComponent
    }

    private func write(_ text: String, to file: String) throws {
        let path = try CurrentFolder.resolve(file)
        do {
            try FileManager.default.createDirectory(
                atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
                withIntermediateDirectories: true
            )
            try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw MartletError(
                .fileUnwritable,
                "\(file) cannot be written",
                reason: error.localizedDescription,
                remedy: "give a file in a folder that you may write to"
            )
        }
    }
}

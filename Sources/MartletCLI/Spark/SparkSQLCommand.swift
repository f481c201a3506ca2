import ArgumentParser
import Foundation
import MartletCore
import MartletSpark

/// `martlet spark sql`.
struct SparkSQLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Run SQL on Spark and show or keep its rows.",
        discussion: """
            Several statements run in order; the rows of the last are shown, or written
            to a file as they come. Parameters are bound, never pasted into the text.

              martlet spark sql "SELECT * FROM range(:n)" --arg n=5
              martlet spark sql --file report.sql -o report.parquet
              martlet spark sql "SELECT * FROM flights" --explain formatted
            """
    )

    @Argument(help: ArgumentHelp("The SQL.", valueName: "sql"))
    var sql: String?

    @Option(help: ArgumentHelp("A file with the SQL; - is standard input.", valueName: "file"))
    var file: String?

    @Option(
        name: .customLong("arg"),
        help: ArgumentHelp("The value of :name; may be repeated.", valueName: "name=value")
    )
    var parameters: [String] = []

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the rows to this .parquet, .csv or .jsonl file.", valueName: "file")
    )
    var output: String?

    @Option(help: ArgumentHelp("Most rows that are shown.", valueName: "rows"))
    var limit = 1_000

    @Option(
        help: ArgumentHelp("Show the plan instead: simple, extended, codegen, cost or formatted.", valueName: "mode")
    )
    var explain: SparkExplainMode?

    @Flag(help: "Print the rows as JSON lines.")
    var json = false

    @Flag(name: [.short, .long], help: "Show what a driver on this machine logs.")
    var verbose = false

    @OptionGroup var place: SparkPlaceOptions

    func run() async throws {
        let text = try script()
        let view = SparkView(isVerbose: verbose)
        let work = try await place.work(SparkAction(text: text), view)
        let query = try SparkSQLRun(
            text,
            parameters: parameters,
            explain: explain,
            output: output.map { try CurrentFolder.resolve($0) },
            limit: limit,
            json: json,
            view: view
        )
        do {
            try await StreamRunView.untilInterrupted { try await work.withServer { try await query.run(on: $0, work) } }
            view.end()
        } catch {
            let told = SparkWork.told(error).error
            view.showLast(of: told)
            throw told
        }
    }

    private func script() throws -> String {
        switch (sql, file) {
        case (let sql?, nil): return sql
        case (nil, "-"):
            return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        case (nil, let file?):
            return String(
                decoding: try TextFile.read(try CurrentFolder.resolve(file), shownAs: file).bytes,
                as: UTF8.self
            )
        default:
            throw MartletError(
                .commandLineInvalid,
                sql == nil ? "there is no SQL" : "there is SQL twice",
                remedy: "give either SQL or --file"
            )
        }
    }
}

extension SparkExplainMode: ExpressibleByArgument {}

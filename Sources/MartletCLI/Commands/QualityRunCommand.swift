import ArgumentParser
import Foundation
import MartletCore
import MartletDuckDB
import MartletQuality
import MartletRuntime

/// `martlet quality run`.
struct QualityRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Check data against a suite.",
        discussion: """
            SUITE is a file, or the name of one in quality/. With --json one result in
            the JSON of Great Expectations is printed. Values that are not as expected
            are shown with --samples, whole rows with --include-rows, and neither for
            columns that --mask names.

              martlet quality run flights --data flights.parquet
              martlet quality run flights --dataset flights/raw@main --json
              martlet quality run orders --data orders.csv --data customers=c.csv
              martlet quality run orders --sql "SELECT * FROM 'orders.csv' WHERE paid"
            """
    )

    @Argument(help: "The suite: a file or a name.")
    var suite: String

    @OptionGroup var source: QualityDataOptions

    @OptionGroup var told: ResultFormatOptions

    @Option(help: ArgumentHelp("Whose rules count where engines disagree: sql or pandas.", valueName: "rules"))
    var semantics: RuleSet = .sql

    @Option(help: ArgumentHelp("A value for a parameter of the suite.", valueName: "name=value"))
    var param: [String] = []

    @Option(help: ArgumentHelp("Do not show values of this column.", valueName: "column"))
    var mask: [String] = []

    @Flag(help: "Show which queries would serve which checks, and run none.")
    var explain = false

    @Flag(help: "Keep the result in .martlet/quality/validations.")
    var save = false

    @Option(help: ArgumentHelp("A name for the run, kept with the result.", valueName: "name"))
    var runName: String?

    @Flag(help: "Print one JSON object: the validation result of Great Expectations.")
    var json = false

    @OptionGroup var project: ProjectOptions

    func run() async throws {
        let started = SystemTime().now
        let file = try SuiteFile.load(suite, from: project.directory)
        let parameters = try SuiteParameterArguments.values(param)
        let read: (suite: Suite, checks: [Check])
        do {
            read = try CheckReader.read(file.suite, parameters: parameters, now: started)
        } catch {
            throw SuiteFile.failure(error, file.path)
        }
        let data = try await source.prepared(in: project)
        let format = try told.format(isForPeople: !json)
        let session = try await data.open(DuckDBTables.forCommand)
        let quality = QualityRun(session: session)
        if explain { return show(try await quality.plan(read.checks, semantics: semantics.semantics, format: format)) }
        let outcomes = try await outcomes(quality, read.checks, format)
        let result = ValidationResult(
            suite: read.suite,
            checks: read.checks,
            outcomes: outcomes,
            data: data.facts,
            semantics: semantics.semantics,
            engine: session.engine,
            version: MartletVersion.text,
            runName: runName,
            time: started,
            parameters: parameters,
            masked: Set(mask)
        )
        let document = result.json(format: format, shape: told.shape.suiteShape)
        if save { try keep(result, document) }
        if json {
            Output.result(ExactJSON.line(document))
        } else {
            let text = ValidationText(style: .standardOutput, samples: told.samples ?? 0)
            Output.result(
                text.lines(result, document, seconds: (SystemTime().now - started).seconds).joined(separator: "\n")
            )
        }
        if !result.success { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    private func outcomes(
        _ quality: QualityRun,
        _ checks: [Check],
        _ format: ResultFormat
    ) async throws -> [CheckOutcome] {
        do throws(MartletError) {
            return try await quality.outcomes(checks, semantics: semantics.semantics, format: format)
        } catch {
            throw CommandFailure([error], status: ExitStatus.requestWrong)
        }
    }

    private func show(_ plan: QualityPlan) {
        if json { return Output.result(ExactJSON.line(plan.json)) }
        Output.result(plan.text.trimmingCharacters(in: .newlines))
    }

    private func keep(_ result: ValidationResult, _ document: JSONValue) throws {
        let workspace = try project.workspace()
        let entry = try ValidationFolder(layout: workspace.layout).append(result, json: document)
        if !json { Output.talk("kept in \(entry.path)") }
    }
}

extension QualityRunCommand {
    /// Whose rules count, as written on the command line.
    enum RuleSet: String, CaseIterable, ExpressibleByArgument {
        case sql, pandas

        var semantics: Semantics { self == .sql ? .sql : .pandas }
    }
}

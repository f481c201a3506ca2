import ArgumentParser
import Foundation
import MartletCore
import MartletDuckDB
import MartletQuality
import MartletRuntime

/// `martlet quality suite`.
struct QualitySuiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suite",
        abstract: "Write, list, show, check, convert and delete suites.",
        subcommands: [
            New.self, List.self, Show.self, Check.self, Convert.self, Delete.self,
        ],
        defaultSubcommand: List.self
    )
}

extension QualitySuiteCommand {
    /// `martlet quality suite new`.
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a new suite to quality/NAME.yaml.",
            discussion: """
                With --data the suite names the columns of the data, with their types, so
                that there is something to go on from.

                  martlet quality suite new flights --data flights.csv
                """
        )

        @Argument(help: "The suite's name.")
        var name: String

        @OptionGroup var source: QualityDataOptions

        @OptionGroup var project: ProjectOptions

        func run() async throws {
            let root = try ProjectFile.root(above: project.directory) ?? project.directory
            let path = "\(root)/quality/\(name).yaml"
            if let existing = try? SuiteFile.find(name, from: root) {
                throw MartletError(
                    .suiteExists,
                    "there is a suite \(name) already: \(existing)",
                    remedy: "edit it, or choose another name"
                )
            }
            guard !name.isEmpty, !name.contains("/") else {
                throw MartletError(.qualityRequestInvalid, "\"\(name)\" cannot be the name of a suite")
            }
            var suite = Suite(name: name, shape: .short)
            if !source.data.isEmpty || !source.dataset.isEmpty || source.sql != nil {
                let data = try await source.prepared(in: project)
                let session = try await data.open(DuckDBTables.forCommand)
                suite.expectations = session.columns.map { column in
                    Expectation(
                        type: "expect_column_values_to_be_of_type",
                        arguments: ["column": .string(column.name), "type_": .string(column.type)]
                    )
                }
            } else {
                suite.expectations = [
                    Expectation(type: "expect_table_row_count_to_be_between", arguments: ["min_value": 1])
                ]
            }
            try FileSystem.makeFolder("\(root)/quality")
            try FileSystem.write(Array(SuiteWriter.yaml(suite).utf8), to: path)
            Output.talk("wrote \(path); run it with `martlet quality run \(name) --data FILE`")
        }
    }

    /// `martlet quality suite list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the project's suites.")

        @Flag(help: "Print one JSON array.")
        var json = false

        @OptionGroup var project: ProjectOptions

        func run() throws {
            let root = try ProjectFile.root(above: project.directory) ?? project.directory
            var table = TextTable([.left, .right, .left])
            var all: [JSONValue] = []
            for name in SuiteFile.names(root: root) {
                let path = try SuiteFile.find(name, from: root)
                let suite = try? SuiteFile.read(path, shownAs: path).suite
                let count = suite.map { "\($0.expectations.count)" } ?? "unreadable"
                table.add([name, count, String(path.dropFirst(root.count + 1))])
                all.append(
                    .object([
                        "name": .string(name), "path": .string(path),
                        "expectations": suite.map { .integer($0.expectations.count) } ?? .null,
                    ])
                )
            }
            if json { return Output.result(ExactJSON.line(.array(all))) }
            if all.isEmpty { return Output.talk("no suites; write one with `martlet quality suite new NAME`") }
            Output.result(table.lines().joined(separator: "\n"))
        }
    }

    /// `martlet quality suite show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what a suite expects, in words.")

        @Argument(help: "The suite: a file or a name.")
        var suite: String

        @Flag(help: "Print the suite as JSON.")
        var json = false

        @OptionGroup var project: ProjectOptions

        func run() throws {
            let suite = try SuiteFile.load(suite, from: project.directory).suite
            if json { return Output.result(ExactJSON.line(SuiteWriter.json(suite))) }
            let style = Style.standardOutput
            var table = TextTable([.right, .left, .left])
            for (index, expectation) in suite.expectations.enumerated() {
                table.add([
                    TextTable.Cell(text: "\(index)", paint: { style.faint($0) }),
                    TextTable.Cell(text: DisplayText.line(ExpectationProse.sentence(expectation))),
                    TextTable.Cell(
                        text: expectation.severity == .critical ? "" : expectation.severity.rawValue,
                        paint: { style.warn($0) }
                    ),
                ])
            }
            Output.result(([style.bold(DisplayText.line(suite.name))] + table.lines()).joined(separator: "\n"))
        }
    }

    /// `martlet quality suite check`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell all that is wrong with suites, without any data.",
            discussion: "Parameters without a value are no mistakes here; they are given when the suite is run."
        )

        @Argument(help: "Suites: files or names; all of the project without.")
        var suites: [String] = []

        @Option(help: ArgumentHelp("A value for a parameter of the suite.", valueName: "name=value"))
        var param: [String] = []

        @OptionGroup var project: ProjectOptions

        func run() throws {
            let root = try ProjectFile.root(above: project.directory) ?? project.directory
            let parameters = try SuiteParameterArguments.values(param)
            for name in suites.isEmpty ? SuiteFile.names(root: root) : suites {
                let file = try SuiteFile.load(name, from: project.directory)
                do {
                    _ = try CheckReader.read(file.suite, parameters: parameters, now: SystemTime().now)
                } catch {
                    let serious = error.problems.filter { $0.code != .suiteParameterInvalid }
                    if !serious.isEmpty { throw SuiteFile.failure(SuiteProblems(serious), file.path) }
                }
                Output.talk("\(Style.standardError.good("✓")) \(name): \(file.suite.expectations.count) expectations")
            }
        }
    }

    /// `martlet quality suite convert`.
    struct Convert: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a suite in another form: GX 0.18, GX 1.x or short.",
            discussion: """
                What the other form cannot say is told on standard error; nothing is left
                out silently.

                  martlet quality suite convert old.json --to 1 --output new.json
                  martlet quality suite convert new.json --to short > quality/flights.yaml
                """
        )

        @Argument(help: "The suite: a file or a name.")
        var suite: String

        @Option(help: ArgumentHelp("0.18, 1 or short.", valueName: "form"))
        var to: Form

        @Option(name: [.short, .long], help: ArgumentHelp("Write to this file.", valueName: "file"))
        var output: String?

        @OptionGroup var project: ProjectOptions

        func run() throws {
            let suite = try SuiteFile.load(suite, from: project.directory).suite
            let converted = suite.converted(to: to.shape)
            for note in converted.notes { Output.talk(DisplayText.line(note)) }
            let text = to == .short ? SuiteWriter.yaml(converted.suite) : SuiteWriter.text(converted.suite)
            guard let output else { return Output.result(to == .short ? String(text.dropLast()) : text) }
            try FileSystem.write(Array(text.utf8), to: CurrentFolder.resolve(output))
        }
    }

    /// `martlet quality suite delete`.
    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a suite's file.")

        @Argument(help: "The suite: a file or a name.")
        var suite: String

        @OptionGroup var project: ProjectOptions

        func run() throws {
            let path = try SuiteFile.find(suite, from: project.directory)
            guard unlink(path) == 0 else { throw FileSystem.unwritable(path, errno) }
            Output.talk("removed \(path)")
        }
    }
}

extension QualitySuiteCommand {
    /// Forms of suites, as written on the command line.
    enum Form: String, CaseIterable, ExpressibleByArgument {
        case zero18 = "0.18"
        case one = "1"
        case short

        var shape: SuiteShape {
            switch self {
            case .zero18: .zero18
            case .one: .one
            case .short: .short
            }
        }
    }
}

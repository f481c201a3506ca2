import ArgumentParser

/// `martlet quality`.
struct QualityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quality",
        abstract: "Check data against suites of expectations.",
        discussion: """
            A suite says what data has to be like: in the JSON of Great Expectations,
            or in a short YAML form under quality/ in the project.

              martlet quality suite new flights --data flights.csv
              martlet quality run flights --data flights.csv
              martlet quality run flights --data flights.csv --explain
              martlet quality suite convert old.json --to 1
              martlet quality detect cpu.csv --time timestamp --value value
              martlet quality report

            Exit codes: 0 all expectations are met, 1 some are not, 2 the request or
            the suite is wrong, 3 a fault.
            """,
        subcommands: [],
        groupedSubcommands: [
            CommandGroup(
                name: "Understanding",
                subcommands: [QualityProfileCommand.self, QualityDriftCommand.self, QualitySuggestCommand.self]
            ),
            CommandGroup(name: "Checking", subcommands: [QualityRunCommand.self]),
            CommandGroup(name: "Suites", subcommands: [QualitySuiteCommand.self, QualityExpectationsCommand.self]),
            CommandGroup(
                name: "Anomalies",
                subcommands: [QualityDetectCommand.self, QualityMetricsCommand.self, QualityAnomaliesCommand.self]
            ),
            CommandGroup(name: "Reports", subcommands: [QualityReportCommand.self]),
        ]
    )
}

import MartletCore

/// The results of tests as machines read them: the contract of `martlet test --json`.
enum TestJSON {
    static func value(_ report: TestReport) -> JSONValue {
        let tests = report.tests
        func count(_ word: String) -> JSONValue { .integer(tests.count { $0.outcome.word == word }) }
        return .object([
            "passed": .bool(report.status == ExitStatus.done),
            "started_at": .string(report.startedAt.description),
            "seconds": .number(report.seconds),
            "counts": .object([
                "tests": .integer(tests.count), "passed": count("passed"), "failed": count("failed"),
                "broken": count("broken"), "skipped": count("skipped"),
                "warnings": .integer(tests.reduce(0) { $0 + $1.warnings.count }),
            ]),
            "suites": .array(report.suites.map(suite)),
        ])
    }

    private static func suite(_ suite: TestSuite) -> JSONValue {
        .object(["name": .string(suite.name), "tests": .array(suite.tests.map(test))])
    }

    private static func test(_ test: TestResult) -> JSONValue {
        var reason = JSONValue.null
        if case .skipped(let why) = test.outcome { reason = .string(why) }
        return .object([
            "name": .string(test.name),
            "state": .string(test.outcome.word),
            "seconds": .number(test.seconds),
            "file": test.file.map(JSONValue.string) ?? .null,
            "reason": reason,
            "errors": .array(test.outcome.errors.map(ErrorJSON.value)),
            "warnings": .array(test.warnings.map(ErrorJSON.value)),
            "run_id": test.run.map { .string($0.id.rawValue) } ?? .null,
            "run_folder": test.run.flatMap { $0.isKept ? .string($0.folder) : nil } ?? .null,
        ])
    }
}

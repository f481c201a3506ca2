import Foundation
import MartletCore
import MartletRuntime

/// Runs tests, several at once, and tells their results in order.
struct TestSession {
    /// A test that waits for its turn.
    struct Planned: Sendable {
        var suite: String
        var name: String
        /// How it is found out; at once for what is known already.
        var result: @Sendable () async -> TestResult
    }

    /// Most tests at once.
    let limit: Int
    /// Told of each result as soon as all before it are told.
    let tell: (String, TestResult) -> Void

    /// Everything of `tests` that `filter` lets through, as tests that wait for their turn.
    static func plan(
        _ tests: ProjectTests,
        filter: TestFilter,
        scratch: String,
        isKept: Bool,
        runs: ActiveRuns
    ) -> [Planned] {
        var planned: [Planned] = []
        func add(_ suite: String, _ name: String, _ result: @escaping @Sendable () async -> TestResult) {
            if filter.lets(suite, name) { planned.append(Planned(suite: suite, name: name, result: result)) }
        }
        // What cannot be read is told whatever is asked for: nobody knows what it holds.
        for broken in tests.broken {
            planned.append(Planned(suite: "files of tests", name: broken.name, result: { broken }))
        }
        for subject in tests.subjects {
            let loading = subject.loading
            add(subject.name, loading.name) { loading }
            guard let loaded = subject.loaded else {
                for (test, source) in subject.tests {
                    let reason = "the pipeline does not load"
                    let skipped = TestResult(name: test.name, outcome: .skipped(reason), file: source.file)
                    add(subject.name, test.name) { skipped }
                }
                continue
            }
            if let rules = tests.rules {
                for result in RuleTests(loaded: loaded, directory: tests.directory).results(rules) {
                    add(subject.name, result.name) { result }
                }
            }
            for (test, source) in subject.tests {
                let workspace = tests.workspace
                let folder = "\(scratch)/\(planned.count + 1)-\(slug(test.name))"
                add(subject.name, test.name) {
                    await TestExecution(
                        workspace: workspace,
                        loaded: loaded,
                        test: test,
                        source: source,
                        scratch: folder,
                        isKept: isKept,
                        runs: runs
                    ).result()
                }
            }
        }
        return planned
    }

    /// Runs them all.
    func run(_ planned: [Planned]) async -> [TestSuite] {
        var results = [TestResult?](repeating: nil, count: planned.count)
        var told = 0
        await withTaskGroup(of: (Int, TestResult).self) { group in
            var next = 0
            func start() {
                guard next < planned.count else { return }
                let (index, test) = (next, planned[next])
                next += 1
                group.addTask { (index, await test.result()) }
            }
            for _ in 0..<max(1, limit) { start() }
            while let (index, result) = await group.next() {
                results[index] = result
                start()
                while told < results.count, let ready = results[told] {
                    tell(planned[told].suite, ready)
                    told += 1
                }
            }
        }
        var suites: [TestSuite] = []
        for (test, result) in zip(planned, results) {
            if suites.last?.name != test.suite { suites.append(TestSuite(name: test.suite)) }
            if let result { suites[suites.count - 1].tests.append(result) }
        }
        return suites
    }

    /// A name as part of a path.
    private static func slug(_ name: String) -> String {
        let words = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return String(words.joined(separator: "-").prefix(60))
    }
}

/// Which tests to run, by the names of pipeline and test.
struct TestFilter: Sendable {
    private let text: String?
    private let pattern: NamePattern?

    /// Lets all through, or those with `text` in their name; with `*` or `?` in it, those that fit it as a whole.
    init(_ text: String?) {
        self.text = text?.lowercased()
        pattern = text.flatMap { $0.contains("*") || $0.contains("?") ? NamePattern($0.lowercased()) : nil }
    }

    func lets(_ suite: String, _ name: String) -> Bool {
        guard let text else { return true }
        let names = [name.lowercased(), "\(suite): \(name)".lowercased()]
        if let pattern { return names.contains(where: pattern.matches) }
        return names.contains { $0.contains(text) }
    }
}

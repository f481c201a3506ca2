import GRDB
import MartletCore
import MartletTestKit
import Testing

@testable import MartletSQLite

/// What the scheduler asks and writes again and again is found by an index: its cost does not grow with the history.
struct LookUpTests {
    /// A question that is asked often.
    struct Question: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Whether what is found has to be sorted.
        var sorts = false
        var ask: @Sendable (Database) throws -> Void
    }

    private static let pipeline = PipelineID(trusted: "p")
    private static let now = Timestamp(microseconds: 0)
    private static let ended = Set(RunState.allCases.filter(\.isTerminal))

    static let questions = [
        Question(testDescription: "unfinished runs") { _ = try StoreReader(db: $0).unfinishedRuns() },
        Question(testDescription: "last run") {
            _ = try StoreReader(db: $0).lastRun(of: pipeline, kinds: Set(RunKind.allCases), before: nil)
        },
        Question(testDescription: "last run before a date") {
            _ = try StoreReader(db: $0).lastRun(of: pipeline, kinds: [.scheduled], before: now)
        },
        Question(testDescription: "run of a date") { _ = try StoreReader(db: $0).run(of: pipeline, for: now) },
        Question(testDescription: "runs of dates") {
            _ = try StoreReader(db: $0).runs(of: pipeline, from: now, through: now)
        },
        Question(testDescription: "ended runs") {
            _ = try StoreReader(db: $0).runs(RunFilter(pipeline: pipeline, states: ended, limit: 5))
        },
        Question(testDescription: "runs of a pipeline") {
            _ = try StoreReader(db: $0).runs(RunFilter(pipeline: pipeline))
        },
        Question(testDescription: "runs in a state") { _ = try StoreReader(db: $0).runs(RunFilter(states: [.failed])) },
        Question(testDescription: "a run by the beginning of its id", sorts: true) {
            _ = try StoreReader(db: $0).runs(RunFilter(idPrefix: "p-2026", limit: 2))
        },
        Question(testDescription: "a run with its steps") {
            _ = try StoreReader(db: $0).projection(of: RunID(trusted: "p-1"))
        },
        Question(testDescription: "a log") { _ = try StoreReader(db: $0).events(of: RunID(trusted: "p-1")) },
        Question(testDescription: "writings of datasets") {
            _ = try DatasetEventTable(db: $0).events(after: 7, limit: 10)
        },
        Question(testDescription: "last writing") {
            _ = try DatasetEventTable(db: $0).last(of: DatasetID(trusted: "raw"))
        },
        Question(testDescription: "last place of a writing") { _ = try DatasetEventTable(db: $0).lastPosition() },
        Question(testDescription: "writings taken") { _ = try DatasetEventTable(db: $0).taken(by: pipeline) },
        Question(testDescription: "a pipeline") { _ = try PipelineTable(db: $0).record(of: pipeline) },
        Question(testDescription: "versions") { _ = try PipelineTable(db: $0).versions(of: pipeline) },
        Question(testDescription: "unfinished backfills") {
            _ = try BackfillTable(db: $0).backfills(in: [.running, .paused], limit: 10)
        },
        Question(testDescription: "a request") { _ = try RequestTable(db: $0).request(7) },
        Question(testDescription: "an answer") {
            _ = try RequestTable(db: $0).answer(7, with: .success(true), at: now)
            try RequestTable(db: $0).prune()
        },
        Question(testDescription: "appends") { try appendEverything($0) },
    ]

    @Test(arguments: questions) func isALookUp(_ question: Question) async throws {
        let file = try StoreFile()
        await (try file.open()).close()
        for (sql, plan) in try plans(of: question, file) {
            for step in plan {
                #expect(!step.hasPrefix("SCAN ") || step == "SCAN CONSTANT ROW", "\(sql): \(plan)")
                #expect(question.sorts || !step.contains("TEMP B-TREE"), "\(sql): \(plan)")
            }
        }
    }

    /// The one list that goes through all runs does so from the newest on, and ends after as many as it lists.
    @Test func theListOfAllRunsComesFromAnIndex() async throws {
        let file = try StoreFile()
        await (try file.open()).close()
        let question = Question(testDescription: "runs") { _ = try StoreReader(db: $0).runs(RunFilter()) }
        let plans = try plans(of: question, file)
        #expect(plans.map(\.plan) == [["SCAN runs USING INDEX runs_by_age"]])
    }

    /// Open requests are few; those that were answered are not looked at.
    @Test func openRequestsComeFromAnIndex() async throws {
        let file = try StoreFile()
        await (try file.open()).close()
        let question = Question(testDescription: "requests") { _ = try RequestTable(db: $0).open() }
        let plans = try plans(of: question, file)
        #expect(plans.map(\.plan) == [["SCAN requests USING INDEX requests_open"]])
    }

    /// Every statement that answers the question, with the plan SQLite has for it.
    private func plans(of question: Question, _ file: StoreFile) throws -> [(sql: String, plan: [String])] {
        try file.withDatabase { db in
            var statements: [String] = []
            db.trace { event in
                if case .statement(let statement) = event { statements.append(statement.expandedSQL) }
            }
            try question.ask(db)
            db.trace(options: [])
            let asked = statements.filter { sql in
                ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) }
            }
            #expect(!asked.isEmpty)
            return try asked.map { sql in
                (sql, try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] })
            }
        }
    }

    private static func appendEverything(_ db: Database) throws {
        var log = RandomRunLog(seed: 5)
        var writer = StoreWriter()
        let steps = log.manifest.steps.map(\.id)
        var work: [StoreWork] = [.keep(KeptManifest(hash: log.hash, json: JSONText.encode(log.manifest), steps: steps))]
        for size in [1, 400] {
            let expected = log.lastSequence
            work.append(.append(Append(log.next(size), to: log.run, expecting: expected)))
        }
        for result in writer.commit(work, to: db, errors: StoreError(path: "test")) { try result.get() }
    }
}

import GRPCCore
import MartletCore
import MartletTestKit
import SwiftProtobuf
import Synchronization
import Testing

@testable import MartletSpark

/// What a client sees of any server: the fake one, which plays it, and real Spark.
enum SparkBehaviour: String, CaseIterable, Sendable {
    case rows
    case emptyResult
    case command
    case refusal
    case failure
    case cancel
    case interrupt

    /// The text that a server is given for it.
    var sql: String {
        switch self {
        case .rows: "SELECT id FROM range(0, 5, 1, 1)"
        case .emptyResult: "SELECT id FROM range(0, 0, 1, 1)"
        case .command: "SET spark.sql.shuffle.partitions=7"
        case .refusal: "SELECT * FROM nowhere"
        case .failure: "SELECT 1 / (id - id) AS q FROM range(1)"
        case .cancel, .interrupt: LiveSpark.endless
        }
    }

    /// Checks it.
    func check(_ client: SparkClient) async throws {
        switch self {
        case .rows, .emptyResult:
            let events = try await SparkExecutionTests.texts(client.execute(.sql(sql))).map { $0.prefix { $0 != ":" } }
            let rows = self == .rows ? "0+5" : "0+0"
            #expect(
                events.filter { !$0.hasPrefix("metrics") && !$0.contains("/") } == [
                    "started", "id BIGINT NOT NULL", Substring(rows),
                ]
            )
        case .command:
            let rows = try await client.execute(sql: sql).finish()
            #expect(rows == 1)
        case .refusal:
            let error = try await LiveSpark.failure(client, sql, .none)
            #expect(error.errorClass == "TABLE_OR_VIEW_NOT_FOUND")
            #expect(error.sqlState == "42P01")
            #expect(error.kind == .user)
            #expect(error.error.code == .sparkQueryRefused)
            #expect(error.contexts.first?.fragment == "nowhere")
            #expect(error.contexts.first?.start == 14)
        case .failure:
            let error = try await LiveSpark.failure(client, sql, .none)
            #expect(error.errorClass == "DIVIDE_BY_ZERO")
            #expect(error.kind == .user)
            #expect(error.error.code == .sparkExecutionFailed)
        case .cancel:
            let id = try await LiveSpark.cancelled(client, sql)
            let running = try await client.interrupt(.all)
            #expect(!running.contains(id))
        case .interrupt:
            do {
                for try await event in try client.execute(.sql(sql), tags: ["here"]) {
                    guard case .progress(let report) = event, report.runningTasks > 0 else { continue }
                    let other = try await client.interrupt(.tag("there"))
                    #expect(other.isEmpty)
                    let mine = try await client.interrupt(.tag("here"))
                    #expect(mine.count == 1)
                }
                Issue.record("it ended well")
            } catch let error as SparkError {
                #expect(error.kind == .cancelled)
                #expect(error.errorClass == "OPERATION_CANCELED")
                #expect(error.error.code == .sparkOperationCancelled)
            }
        }
    }

    /// What the fake server plays for a text.
    static func script(_ request: ProtoExecutePlanRequest) -> [FakeSpark.Step] {
        let schema = FakeSpark.schema(SparkExecutionTests.columns)
        if case .command(let command) = request.plan.opType {
            let sql = command.sqlCommand.input.sql.query
            if sql == SparkBehaviour.refusal.sql { return [.fail(notFound)] }
            return [
                .send(.with { $0.sqlCommandResult = .with { $0.relation = SparkRelation.sql(sql).proto } }), .complete,
            ]
        }
        switch allCases.first(where: { $0.sql == request.plan.root.sql.query }) {
        case .rows: return [schema, FakeSpark.batch(rows: 5, offset: 0), .complete]
        case .emptyResult: return [schema, FakeSpark.batch(rows: 0, offset: 0), .complete]
        case .command: return [schema, FakeSpark.batch(rows: 1, offset: 0), .complete]
        case .failure: return [schema, .fail(FakeSpark.failure("DIVIDE_BY_ZERO", "so", sqlState: "22012"))]
        case .cancel, .interrupt: return [schema, FakeSpark.progress(done: 0, of: 4), .hold]
        case .refusal, nil: return [.fail(notFound)]
        }
    }

    private static var notFound: RPCError {
        FakeSpark.failure("TABLE_OR_VIEW_NOT_FOUND", "cut", sqlState: "42P01", errorID: "not-found")
    }

    /// What the fake server tells about a table that is not there.
    static var details: ProtoFetchErrorDetailsResponse {
        .with {
            $0.rootErrorIdx = 0
            $0.errors = [
                .with {
                    $0.errorTypeHierarchy = ["org.apache.spark.sql.AnalysisException"]
                    $0.message = "[TABLE_OR_VIEW_NOT_FOUND] The table or view `nowhere` cannot be found."
                    $0.sparkThrowable = .with {
                        $0.errorClass = "TABLE_OR_VIEW_NOT_FOUND"
                        $0.sqlState = "42P01"
                        $0.queryContexts = [
                            .with {
                                $0.contextType = .sql
                                $0.fragment = "nowhere"
                                $0.startIndex = 14
                                $0.stopIndex = 20
                            }
                        ]
                    }
                }
            ]
        }
    }
}

@Suite("The same behaviour of the fake server and of real Spark", .tags(.conformance), .timeLimit(.minutes(30)))
struct SparkConformanceTests {
    @Test("The fake server", arguments: SparkBehaviour.allCases)
    func fake(behaviour: SparkBehaviour) async throws {
        let fake = FakeSpark(script: SparkBehaviour.script)
        fake.state.withLock { $0.details["not-found"] = SparkBehaviour.details }
        try await ClientBench.run(fake) { client, _ in try await behaviour.check(client) }
    }

    @Test("Real Spark", .enabled(if: LiveSpark.address != nil), arguments: SparkBehaviour.allCases)
    func real(behaviour: SparkBehaviour) async throws {
        try await LiveSpark.run { client in try await behaviour.check(client) }
    }
}

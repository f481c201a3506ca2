import Foundation
import MartletCore
import Testing

@testable import MartletSpark

/// The real server that tests may use.
enum LiveSpark {
    /// Its address, when there is one.
    static var address: String? { ProcessInfo.processInfo.environment["MARTLET_TEST_SPARK"] }

    /// A query that does not end by itself in any time that a test takes, and can be stopped at any moment.
    static let endless = "SELECT count(*) FROM range(0, 100000000000, 1, 4) WHERE hash(id) % 7 = 9"

    /// A query that takes several seconds on one core.
    static let long = """
        SELECT sum(x) FROM (SELECT sum(hash(a.id, b.id)) AS x FROM range(0, 60000, 1, 8) a
        CROSS JOIN range(0, 30000) b GROUP BY a.id)
        """

    /// Runs `body` with a client of it.
    static func run(
        change: (inout SparkOptions) -> Void = { _ in },
        _ body: (SparkClient) async throws -> Void
    ) async throws {
        var options = SparkOptions.system
        change(&options)
        let client = try await SparkClient.connect(to: SparkURL(try #require(address)), options: options)
        do {
            try await body(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    /// A text that should fail and does not.
    struct NothingFailed: Error {
        var sql: String
    }

    /// What a text fails with.
    static func failure(_ client: SparkClient, _ sql: String, _ arguments: SparkArguments) async throws -> SparkError {
        do {
            try await client.execute(sql: sql, arguments: arguments).finish()
        } catch let error as SparkError {
            return error
        }
        throw NothingFailed(sql: sql)
    }

    /// Cancels the task that reads a query once tasks of it run.
    ///
    /// - Returns: the id of the operation.
    static func cancelled(_ client: SparkClient, _ sql: String) async throws -> String {
        let (ids, started) = AsyncStream.makeStream(of: String.self)
        let task = Task {
            var id = ""
            for try await event in try client.execute(.sql(sql)) {
                if case .started(let operationID) = event { id = operationID }
                if case .progress(let report) = event, report.runningTasks > 0 {
                    started.yield(id)
                    started.finish()
                }
            }
        }
        var found = ""
        for await id in ids { found = id }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        return found
    }
}

import MartletCore
import Synchronization

@testable import MartletSpark

/// Clients for tests: waits that return at once and are kept, ids that count.
final class ClientBench: Sendable {
    private struct State {
        var sleeps: [Duration] = []
        var ids = 0
    }

    private let state = Mutex(State())

    /// The waits there were.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    /// Options of a client of a fake server.
    var options: SparkOptions {
        SparkOptions(
            sleep: { [self] duration in
                state.withLock { $0.sleeps.append(duration) }
                try Task.checkCancellation()
                await Task.yield()
            },
            random: { 0 },
            makeID: { [self] in
                let number = state.withLock { state in
                    state.ids += 1
                    return state.ids
                }
                let digits = String(number)
                return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
            }
        )
    }

    /// Runs a fake server and a client of it.
    static func run(
        _ fake: FakeSpark,
        _ body: @Sendable (SparkClient, ClientBench) async throws -> Void
    ) async throws {
        let bench = ClientBench()
        let chosen = bench.options
        try await FakeSpark.run(fake) { url in
            let client = try await SparkClient.connect(to: url, options: chosen)
            do {
                try await body(client, bench)
            } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
        }
    }
}

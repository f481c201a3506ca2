import Foundation
import MartletCore
import MartletSpark

/// Sessions on Spark Connect servers, as steps and commands use them.
enum SparkServerSession {
    /// Opens a session, does `body`, and ends the session, whatever comes.
    ///
    /// - Parameters:
    ///   - url: the server.
    ///   - configuration: settings of the session.
    ///   - tag: by which its operations can be found on the server.
    ///   - observer: is told the application's id.
    ///   - body: the work.
    /// - Returns: what `body` returns.
    /// - Throws: `SparkError`, and what `body` throws.
    static func with<Result>(
        _ url: SparkURL,
        _ configuration: [String: String],
        tag: String,
        _ observer: (any SparkObserver)? = nil,
        _ body: (SparkClient) async throws -> Result
    ) async throws -> Result {
        var options = SparkOptions.system
        options.tags = [tag.replacing(",", with: "_")]
        let client = try await SparkClient.connect(to: url, options: options)
        do {
            try await configure(client, configuration)
            if let observer, let id = try? await client.config("spark.app.id") {
                observer.isApplication(id)
            }
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            // The task may be cancelled; the session shall end on the server all the same.
            await Task.detached { await client.shutdown() }.value
            throw error
        }
    }

    /// Waits until the server answers once.
    ///
    /// - Throws: `SparkError` when it does not.
    static func probe(_ url: SparkURL) async throws {
        var options = SparkOptions.system
        options.connectRetry = RetryPolicy(retries: 0)
        let client = try await SparkClient.connect(to: url, options: options)
        await client.shutdown()
    }

    /// Gives a session its settings; those that only a new application takes are named in the error.
    static func configure(_ client: SparkClient, _ configuration: [String: String]) async throws {
        if configuration.isEmpty { return }
        _ = try await client.setConfig(configuration)
    }
}

/// Keeps a session that a script of another process works in, to end what it runs there.
struct SparkSessionGuard: Sendable {
    private let client: SparkClient

    /// Opens the session of `url` and gives it its settings.
    ///
    /// - Throws: `SparkError` when the server does not answer.
    init(_ url: SparkURL, _ configuration: [String: String]) async throws {
        client = try await SparkClient.connect(to: url, options: .system)
        do {
            try await SparkServerSession.configure(client, configuration)
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// Stops all that runs in the session, and ends it.
    func end() async {
        let client = client
        await Task.detached {
            _ = try? await client.interrupt(.all)
            await client.shutdown()
        }.value
    }
}

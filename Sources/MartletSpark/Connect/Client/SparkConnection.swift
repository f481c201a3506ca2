internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
import MartletCore
internal import SwiftProtobuf

/// The one connection of a client to its server, which all its requests share.
///
/// It is opened by the first request, probed while it is in use, and opened anew when it was lost.
final class SparkConnection: Sendable {
    private let client: GRPCClient<HTTP2ClientTransport.Posix>
    private let metadata: Metadata

    /// A connection that is not open yet; ``run()`` has to run for requests to be sent.
    ///
    /// - Parameters:
    ///   - url: the server, with token and headers.
    ///   - trustRoots: file of the certificates (PEM) that are trusted instead of the system's.
    /// - Throws: an error of the transport when the certificates cannot be read.
    init(_ url: SparkURL, trustRoots: String?) throws {
        var metadata = Metadata()
        if let token = url.token { metadata.addString("Bearer \(token)", forKey: "authorization") }
        for (name, value) in url.headers { metadata.addString(value, forKey: name) }
        self.metadata = metadata

        var config = HTTP2ClientTransport.Posix.Config.defaults
        config.http2.targetWindowSize = Limits.sparkWindowBytes
        config.connection.keepalive = .init(
            time: .seconds(Limits.sparkKeepAliveSeconds),
            timeout: .seconds(Limits.sparkKeepAliveAnswerSeconds),
            allowWithoutCalls: false
        )
        // Delayed flushes cost the first row time, and make swift-nio-http2 write data before control frames, on which
        // its debug builds assert.
        config.connection.flushCoalescing = nil
        config.backoff = .init(initial: .milliseconds(100), max: .seconds(10), multiplier: 1.6, jitter: 0.2)
        let security: HTTP2ClientTransport.Posix.TransportSecurity =
            if url.usesTLS {
                .tls { tls in
                    if let trustRoots { tls.trustRoots = .certificates([.file(path: trustRoots, format: .pem)]) }
                }
            } else {
                .plaintext
            }
        let transport = try HTTP2ClientTransport.Posix(
            target: SparkConnection.target(url),
            transportSecurity: security,
            config: config
        )
        client = GRPCClient(transport: transport)
    }

    private static func target(_ url: SparkURL) -> any ResolvableTarget {
        if url.host.contains(":") { return .ipv6(address: url.host, port: url.port) }
        let isAddress = url.host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        if isAddress.count == 4, !isAddress.contains(nil) { return .ipv4(address: url.host, port: url.port) }
        return .dns(host: url.host, port: url.port)
    }

    /// Keeps the connection until ``stop()`` or the cancellation of the task.
    func run() async {
        // What ends the connection is reported by the requests that it ends.
        try? await client.runConnections()
    }

    /// Takes no further request and closes the connection when those under way are done.
    func stop() { client.beginGracefulShutdown() }

    private func options(_ timeout: Duration?) -> CallOptions {
        var options = CallOptions.defaults
        options.timeout = timeout
        options.waitForReady = false
        // The transport bounds what it receives by the bound for requests.
        options.maxRequestMessageBytes = Limits.sparkMessageBytes
        options.maxResponseMessageBytes = Limits.sparkMessageBytes
        return options
    }

    /// One request, one answer.
    ///
    /// - Throws: ``SparkFailure``; `CancellationError`.
    func unary<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
        _ method: SparkMethod,
        _ request: Request,
        timeout: Duration?
    ) async throws -> Response {
        try await failures {
            try await client.unary(
                request: ClientRequest(message: request, metadata: metadata),
                descriptor: method.descriptor,
                serializer: SparkSerializer<Request>(),
                deserializer: SparkDeserializer<Response>(),
                options: options(timeout)
            ) { try $0.message }
        }
    }

    /// One request, a stream of answers; the stream is closed when `body` returns.
    ///
    /// - Throws: ``SparkFailure``; `CancellationError`; what `body` throws.
    func stream<Request: SwiftProtobuf.Message, Value: Sendable>(
        _ method: SparkMethod,
        _ request: Request,
        _ body: @Sendable @escaping (RPCAsyncSequence<ExecuteResponse, any Error>) async throws -> Value
    ) async throws -> Value {
        try await failures {
            try await client.serverStreaming(
                request: ClientRequest(message: request, metadata: metadata),
                descriptor: method.descriptor,
                serializer: SparkSerializer<Request>(),
                deserializer: ExecuteResponseDeserializer(),
                options: options(nil)
            ) { try await body($0.messages) }
        }
    }

    /// A stream of requests, one answer.
    ///
    /// - Throws: ``SparkFailure``; `CancellationError`; what `body` throws.
    func upload<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
        _ method: SparkMethod,
        _ body: @Sendable @escaping (RPCWriter<Request>) async throws -> Void
    ) async throws -> Response {
        try await failures {
            try await client.clientStreaming(
                request: StreamingClientRequest(metadata: metadata, producer: body),
                descriptor: method.descriptor,
                serializer: SparkSerializer<Request>(),
                deserializer: SparkDeserializer<Response>(),
                options: options(nil)
            ) { try $0.message }
        }
    }

    private func failures<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as RPCError {
            try Task.checkCancellation()
            throw SparkFailure(error)
        } catch let error as RuntimeError {
            try Task.checkCancellation()
            throw SparkFailure(RPCError(code: .unavailable, message: error.message, cause: error.cause))
        }
    }
}

package import MartletCore
import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers `GET /metrics` in Prometheus' text format, and nothing else.
///
/// One request a connection: what asks every few seconds has no use for more, and nobody holds a place for long.
///
/// Source: the exposition format 0.0.4 of Prometheus; RFC 9110 for methods and codes.
package final class MetricsServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let connections: Connections
    private let host: String

    /// Where it listens, as in `127.0.0.1:9308`.
    package var address: String { "\(host):\(channel.localAddress?.port ?? 0)" }

    private init(
        _ group: MultiThreadedEventLoopGroup,
        _ channel: any Channel,
        _ connections: Connections,
        host: String
    ) {
        self.group = group
        self.channel = channel
        self.connections = connections
        self.host = host
    }

    /// Listens.
    ///
    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: the port; 0 for any that is free.
    ///   - connectionTime: how long a connection may last.
    ///   - text: what is answered; asked once for each request.
    /// - Returns: the server, which answers.
    /// - Throws: ``MartletError`` MT6014 when the address cannot be listened on.
    package static func start(
        host: String,
        port: Int,
        connectionTime: Duration = .seconds(Limits.metricsConnectionSeconds),
        text: @escaping @Sendable () async -> String
    ) async throws(MartletError) -> MetricsServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connections = Connections(limit: Limits.metricsConnections)
        let time = TimeAmount(connectionTime)
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 16)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard connections.admit(channel) else { throw ChannelError.ioOnClosedChannel }
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(MetricsGuard(time: time))
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(MetricsHandler(text: text))
                    }
                }
                .bind(host: host, port: port).get()
            return MetricsServer(group, channel, connections, host: host)
        } catch {
            try? await group.shutdownGracefully()
            let isTaken = (error as? IOError)?.errnoCode == EADDRINUSE
            throw MartletError(
                .streamAddressUnusable,
                "metrics cannot be served on \(host):\(port)",
                reason: isTaken ? "another process listens there" : "\(error)",
                remedy: "choose another address with --metrics"
            )
        }
    }

    /// Lets nobody in any more, and ends all connections.
    package func stop() async {
        try? await channel.close()
        for channel in connections.end() { try? await channel.close() }
        try? await group.shutdownGracefully()
    }
}

/// Closes a connection that lasts or says too much.
private final class MetricsGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let time: TimeAmount
    private var room = Limits.metricsRequestBytes
    private var timer: Scheduled<Void>?

    init(time: TimeAmount) { self.time = time }

    func channelActive(context: ChannelHandlerContext) {
        let held = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: time) { held.value.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What comes after a refusal is read away, so that the refusal arrives.
        guard room >= 0 else { return }
        room -= unwrapInboundIn(data).readableBytes
        guard room < 0 else { return context.fireChannelRead(data) }
        let told = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        let held = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: told)))
            .assumeIsolated().whenComplete { _ in held.value.close(mode: .output, promise: nil) }
    }
}

/// Answers one request.
private final class MetricsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let text: @Sendable () async -> String
    private var head: HTTPRequestHead?
    private var isAnswered = false

    init(text: @escaping @Sendable () async -> String) { self.text = text }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head, !isAnswered else { return }
            isAnswered = true
            answer(head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let sendsBody = head.method != .HEAD
        guard head.uri.prefix(while: { $0 != "?" }) == "/metrics" else {
            return send(.notFound, "the metrics are at /metrics\n", sendsBody: sendsBody, context)
        }
        guard head.method == .GET || head.method == .HEAD else {
            return send(.methodNotAllowed, "use GET\n", allow: "GET, HEAD", sendsBody: sendsBody, context)
        }
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        Task { [text] in
            let body = await text()
            loop.execute {
                let (handler, context) = bound.value
                handler.send(.ok, body, type: "text/plain; version=0.0.4; charset=utf-8", sendsBody: sendsBody, context)
            }
        }
    }

    private func send(
        _ status: HTTPResponseStatus,
        _ text: String,
        type: String = "text/plain; charset=utf-8",
        allow: String? = nil,
        sendsBody: Bool,
        _ context: ChannelHandlerContext
    ) {
        guard context.channel.isActive else { return }
        let body = ByteBuffer(string: text)
        var headers: HTTPHeaders = [
            "content-type": type, "content-length": "\(body.readableBytes)", "connection": "close",
            "x-content-type-options": "nosniff",
        ]
        if let allow { headers.add(name: "allow", value: allow) }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
            promise: nil
        )
        if sendsBody { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let held = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil)))
            .assumeIsolated().whenComplete { _ in held.value.close(promise: nil) }
    }
}

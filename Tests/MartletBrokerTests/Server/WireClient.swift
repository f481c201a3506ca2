import Foundation
import MartletCore
import NIOCore
import NIOPosix
import Testing

@testable import MartletBroker

/// A client that says exactly what a test wants, right or wrong.
final class WireClient: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    /// What has come in, in order; ends with the connection.
    actor Inbox {
        private var frames: [[UInt8]] = []
        private var isClosed = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func add(_ new: [[UInt8]]) {
            frames += new
            wake()
        }

        func close() {
            isClosed = true
            wake()
        }

        private func wake() {
            for continuation in waiting { continuation.resume() }
            waiting = []
        }

        /// The next frame; nil when the connection was closed.
        func next() async -> [UInt8]? {
            while frames.isEmpty {
                if isClosed { return nil }
                await withCheckedContinuation { waiting.append($0) }
            }
            return frames.removeFirst()
        }
    }

    private final class Handler: ChannelInboundHandler, @unchecked Sendable {
        typealias InboundIn = ByteBuffer

        private var assembler = FrameAssembler()
        private let events: AsyncStream<[[UInt8]]>.Continuation

        init(_ events: AsyncStream<[[UInt8]]>.Continuation) { self.events = events }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var complete: [[UInt8]] = []
            unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
                try? assembler.feed(bytes) { complete.append($0) }
            }
            events.yield(complete)
        }

        func channelInactive(context: ChannelHandlerContext) { events.finish() }
    }

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    static func connect(to port: Int) async throws -> WireClient {
        let (stream, continuation) = AsyncStream<[[UInt8]]>.makeStream()
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        Task {
            for await frames in stream { await inbox.add(frames) }
            await inbox.close()
        }
        return WireClient(channel: channel, inbox: inbox)
    }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Sends a request without waiting for its answer.
    func send<Request: WireRequest>(_ request: Request, version: Int16, id: Int32 = 1) async throws {
        try await send(WireFrame.request(request, version: version, correlationID: id, clientID: "test"))
    }

    /// The next frame; nil when the server has closed the connection.
    func frame() async -> [UInt8]? { await inbox.next() }

    /// The next answer, which has to be one of that type to a request of that number.
    func receive<Response: WireResponse>(
        _ type: Response.Type,
        version: Int16,
        id: Int32 = 1
    ) async throws -> Response {
        let frame = try #require(await frame(), "the server closed the connection")
        var reader = WireReader(frame)
        let header = try ResponseHeader.read(&reader, api: Response.api, version: version)
        #expect(header.correlationID == id)
        return try Response.decode(&reader, version: version)
    }

    /// Asks and waits for the answer.
    func ask<Request: WireRequest>(_ request: Request, version: Int16, id: Int32 = 1) async throws -> Request.Response {
        try await send(request, version: version, id: id)
        return try await receive(Request.Response.self, version: version, id: id)
    }

    func close() async { try? await channel.close() }

    /// Sends no more, and goes on to listen; the server closes its side then.
    func endSending() async { try? await channel.close(mode: .output) }
}

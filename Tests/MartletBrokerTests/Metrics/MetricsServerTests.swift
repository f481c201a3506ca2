import Foundation
import MartletCore
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MartletBroker

@Suite(.timeLimit(.minutes(30)))
struct MetricsServerTests {
    private static let text = "# TYPE up gauge\nup 1\n"

    /// Sends `bytes` and gives all that comes until the server ends the connection.
    private static func exchange(_ port: Int, _ bytes: [String]) async throws -> String {
        let (pieces, told) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(told))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        // A server that has refused may be gone before all is written.
        for piece in bytes { try? await channel.writeAndFlush(ByteBuffer(string: piece)) }
        var answer = ""
        for await piece in pieces { answer += String(buffer: piece) }
        return answer
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let told: AsyncStream<ByteBuffer>.Continuation

        init(_ told: AsyncStream<ByteBuffer>.Continuation) { self.told = told }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { told.yield(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { told.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private func serve<Result>(
        connectionTime: Duration = .seconds(3_600),
        _ text: @escaping @Sendable () async -> String = { Self.text },
        _ body: (Int) async throws -> Result
    ) async throws -> Result {
        let server = try await MetricsServer.start(
            host: "127.0.0.1",
            port: 0,
            connectionTime: connectionTime,
            text: text
        )
        let port = try #require(server.address.split(separator: ":").last.flatMap { Int($0) })
        do {
            let result = try await body(port)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let request: String
        let status: String
        var body = ""
        var header: String?
        var testDescription: String { String(request.prefix(60)) }
    }

    @Test(arguments: [
        Case(request: "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", status: "200 OK", body: Self.text),
        Case(request: "GET /metrics?a=b HTTP/1.0\r\n\r\n", status: "200 OK", body: Self.text),
        Case(
            request: "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
            status: "200 OK",
            body: Self.text,
            header: "content-type: text/plain; version=0.0.4; charset=utf-8"
        ),
        Case(
            request: "HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
            status: "200 OK",
            header: "content-length: \(Self.text.utf8.count)"
        ),
        Case(
            request: "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            status: "404 Not Found",
            body: "the metrics are at /metrics\n"
        ),
        Case(
            request: "GET /metrics/x HTTP/1.1\r\nHost: a\r\n\r\n",
            status: "404 Not Found",
            body: "the metrics are at /metrics\n"
        ),
        Case(
            request: "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            status: "405 Method Not Allowed",
            body: "use GET\n",
            header: "allow: GET, HEAD"
        ),
        // One request a connection: what follows is not answered.
        Case(
            request: "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            status: "200 OK",
            body: Self.text,
            header: "connection: close"
        ),
        Case(request: "hello\r\n\r\n", status: "400 Bad Request"),
        Case(
            request: "GET /metrics HTTP/1.1\r\nX: \(String(repeating: "x", count: Limits.metricsRequestBytes))\r\n\r\n",
            status: "431 Request Header Fields Too Large"
        ),
        Case(
            request: "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n"
                + String(repeating: "y", count: Limits.metricsRequestBytes),
            status: "431 Request Header Fields Too Large"
        ),
    ])
    func answers(_ test: Case) async throws {
        let answer = try await serve { try await Self.exchange($0, [test.request]) }
        #expect(answer.hasPrefix("HTTP/1.1 \(test.status)\r\n"))
        let end = try #require(answer.range(of: "\r\n\r\n"))
        #expect(answer[end.upperBound...] == test.body)
        if let header = test.header {
            #expect(answer[..<end.lowerBound].split(separator: "\r\n").contains(header[...]))
        }
    }

    @Test func aRequestMayComeInPieces() async throws {
        let answer = try await serve { port in
            try await Self.exchange(port, "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".map(String.init))
        }
        #expect(answer.hasSuffix("\r\n\r\n\(Self.text)"))
    }

    @Test func asksForTheTextEachTime() async throws {
        let count = Mutex(0)
        let text = { @Sendable in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return "n \(number)\n"
        }
        try await serve(text) { port in
            for number in 1...3 {
                let answer = try await Self.exchange(port, ["GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"])
                #expect(answer.hasSuffix("\r\n\r\nn \(number)\n"))
            }
        }
    }

    /// Who sends nothing is not waited for.
    @Test(arguments: ["", "GET /met", "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab"])
    func endsConnectionsThatLast(_ said: String) async throws {
        let answer = try await serve(connectionTime: .milliseconds(50)) { try await Self.exchange($0, [said]) }
        #expect(answer == "")
    }

    /// More than so many wait for the text: the next is turned away, and there is room when they are gone.
    @Test func refusesTooManyConnections() async throws {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let waiting = Task { for await _ in gate {} }
        let text = { @Sendable in
            begin.yield()
            await waiting.value
            return Self.text
        }
        try await serve(text) { port in
            let request = ["GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"]
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<Limits.metricsConnections {
                    group.addTask { try await Self.exchange(port, request) }
                }
                var count = 0
                for await _ in begun {
                    count += 1
                    if count == Limits.metricsConnections { break }
                }
                #expect(try await Self.exchange(port, request) == "")
                open.finish()
                for try await answer in group { #expect(answer.hasSuffix(Self.text)) }
            }
        }
    }

    @Test func anAddressThatIsTakenIsAnError() async throws {
        try await serve { port in
            let error = await #expect(throws: MartletError.self) {
                _ = try await MetricsServer.start(host: "127.0.0.1", port: port) { "" }
            }
            #expect(error?.code == .streamAddressUnusable)
        }
    }
}

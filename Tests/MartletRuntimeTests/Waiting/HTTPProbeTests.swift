import Foundation
import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.timeLimit(.minutes(30))) struct HTTPProbeTests {
    private let probe = HTTPProbe(environment: ["PATH": "/usr/bin:/bin"])

    private func look(_ wait: HTTPWait) async -> WaitResult { await probe.probe(waitRequest(.http(wait))) }

    @Test func theAnswerDecides() async throws {
        let server = try LoopbackServer { request in
            request.contains(" /ready ") ? httpAnswer(200, #"{"state":"ready"}"#) : httpAnswer(404)
        }
        let json = "{{ body.state == 'ready' }}"
        #expect(await look(HTTPWait(url: "\(server.address)/ready", json: json)).isSatisfied)
        #expect(
            await look(HTTPWait(url: "\(server.address)/other?token=hush"))
                == .notYet(reason: "\(server.address)/other answers with status 404")
        )
        #expect(server.seen.first?.hasPrefix("GET /ready HTTP/1.1\r\n") == true)
    }

    @Test func headersAndMethodAreSentAndShownToNobody() async throws {
        let server = try LoopbackServer { _ in httpAnswer(200) }
        let headers = ["Authorization": "Bearer a\"b\\c", "X-Empty": "", "X-Tab": "a\tb"]
        #expect(await look(HTTPWait(url: "\(server.address)/x", method: "POST", headers: headers)).isSatisfied)
        let request = try #require(server.seen.first)
        #expect(request.hasPrefix("POST /x "))
        #expect(request.contains("\r\nAuthorization: Bearer a\"b\\c\r\n"))
        #expect(request.contains("\r\nX-Empty:\r\n"))
        #expect(request.contains("\r\nX-Tab: a\tb\r\n"))
        let arguments = CurlExchange(HTTPRequest(HTTPWait(url: "https://e.x/?k=hush", headers: headers))).arguments
            .joined()
        #expect(!arguments.contains("Bearer") && !arguments.contains("hush"))
    }

    @Test func aHeadHasNoBody() async throws {
        let server = try LoopbackServer { _ in httpAnswer(204) }
        #expect(await look(HTTPWait(url: server.address, method: "HEAD", status: [204])).isSatisfied)
        #expect(server.seen.first?.hasPrefix("HEAD / ") == true)
    }

    @Test func redirectsAreFollowedUnlessHeadersGoAlong() async throws {
        let server = try LoopbackServer { request in
            request.contains(" /to ")
                ? httpAnswer(200, "HTTP/1.1 in a body") : httpAnswer(302, "x", headers: ["Location: /to"])
        }
        #expect(await look(HTTPWait(url: "\(server.address)/from", contains: "in a body")).isSatisfied)
        let guarded = HTTPWait(url: "\(server.address)/from", headers: ["Authorization": "hush"])
        #expect(!(await look(guarded)).isSatisfied)
        #expect(server.seen.count == 3)
    }

    @Test func redirectsInACircleEnd() async throws {
        let server = try LoopbackServer { _ in httpAnswer(302, "", headers: ["Location: /again"]) }
        guard case .failed(let error, retryable: true) = await look(HTTPWait(url: server.address)) else {
            Issue.record("it was followed to the end")
            return
        }
        #expect(error.code == .requestFailed)
        #expect(server.seen.count == 1 + Limits.redirects)
    }

    @Test func noOtherSchemeIsFollowed() async throws {
        let server = try LoopbackServer { _ in httpAnswer(302, "", headers: ["Location: file:///etc/passwd"]) }
        guard case .failed = await look(HTTPWait(url: server.address, contains: "root")) else {
            Issue.record("a file was read")
            return
        }
    }

    @Test func onlyTheBeginningOfALongBodyIsRead() async throws {
        let server = try LoopbackServer { _ in
            httpAnswer(200, "begin" + String(repeating: "x", count: 5 << 20) + "end")
        }
        #expect(await look(HTTPWait(url: server.address, contains: "begin")).isSatisfied)
        #expect(!(await look(HTTPWait(url: server.address, contains: "end"))).isSatisfied)
        guard case .failed(let error, _) = await look(HTTPWait(url: server.address, json: "{{ body == 1 }}")) else {
            Issue.record("a body that was cut was read")
            return
        }
        #expect(error.code == .waitAnswerInvalid && error.reason == "the body is larger than 1 MiB")
    }

    @Test func whoDoesNotAnswerMayAnswerLater() async throws {
        let address = try LoopbackServer { _ in nil }.address
        guard case .failed(let error, retryable: true) = await look(HTTPWait(url: address)) else {
            Issue.record("no server answered")
            return
        }
        #expect(error.code == .requestFailed && error.reason?.contains("curl: (7)") == true)
    }

    @Test func aLookIsEndedWithItsTask() async throws {
        let asked = AsyncStream.makeStream(of: Void.self)
        let server = try LoopbackServer { _ in
            asked.continuation.yield()
            return nil
        }
        let request = waitRequest(.http(HTTPWait(url: server.address)))
        let asking = Task { await probe.probe(request) }
        for await _ in asked.stream { break }
        asking.cancel()
        guard case .failed = await asking.value else {
            Issue.record("a look that was ended saw something")
            return
        }
    }

    @Test func withoutCurlThereIsNoHope() async {
        let probe = HTTPProbe(program: "/not/there/curl", environment: [:])
        guard
            case .failed(let error, retryable: false) = await probe.probe(
                waitRequest(.http(HTTPWait(url: "http://e.x")))
            )
        else {
            Issue.record("it was asked without curl")
            return
        }
        #expect(error.remedy == "install curl")
    }

    @Test(arguments: 0..<10) func answersOfAnyKindAreRead(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "HTTP/1.1 200 OK", "HTTP/2 100", "HTTP/", "\r\n", "\r\n\r\n", "Location: /", "x", "\n\n", "\u{0}", "301 ",
        ]
        for _ in 0..<1_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
                pieces.randomElement(using: &random)
            }
            let exchange = CurlExchange(HTTPRequest(HTTPWait(url: "http://e.x")))
            if let answer = exchange.reply(Array(text.joined().utf8), false) {
                #expect(answer.body.count <= Limits.bodyBytes)
            }
        }
    }
}

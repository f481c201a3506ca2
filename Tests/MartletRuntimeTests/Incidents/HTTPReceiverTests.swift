import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Services that take notifications, and all the ways in which they do not.
@Suite(.timeLimit(.minutes(30)))
struct HTTPReceiverTests {
    private let environment = ["PATH": "/usr/bin:/bin"]

    private func slack(_ address: String, timeoutSeconds: Int = 5) throws -> HTTPReceiver {
        HTTPReceiver(
            NotifierID(trusted: "chat"),
            SlackFormat(url: try SettingText("{{ env.SLACK_URL }}")),
            exchange: HTTPExchange(environment: environment),
            settings: ReceiverSettings(resolver: nil, environment: ["SLACK_URL": address]),
            time: ManualClock().wallTime,
            timeoutSeconds: timeoutSeconds
        )
    }

    @Test func aTakenNotificationArrivesWhole() async throws {
        let server = try LoopbackServer { _ in httpAnswer(200, "ok") }
        var alert = NoticeSamples.plain
        // Long enough for several lines of curl's settings, with what its quoting and its files of data would change.
        alert.text = String(repeating: "@\"\\\u{1F426}\t", count: 20_000)
        #expect(await (try slack("\(server.address)/services/T0/B0/hush")).attempt(alert) == .taken)
        let request = try #require(server.seen.first)
        #expect(request.hasPrefix("POST /services/T0/B0/hush HTTP/1.1\r\n"))
        let body = try #require(request.firstRange(of: "\r\n\r\n")).upperBound
        let document = try JSONText.decode(JSONValue.self, from: String(request[body...]))
        #expect(document == SlackFormat.message(alert))
    }

    @Test(arguments: [
        (200, "<html>sign in</html>", true), (404, "no_service", false), (403, "", false),
        (400, "invalid_blocks", false),
        (500, "", true), (503, "", true), (408, "", true),
    ])
    func statusesTellWhetherToTryAgain(status: Int, body: String, isTriedAgain: Bool) async throws {
        let server = try LoopbackServer { _ in httpAnswer(status, body) }
        switch await (try slack(server.address)).attempt(NoticeSamples.plain) {
        case .taken: Issue.record("status \(status) was taken")
        case .failed(let error, let retryAfter):
            #expect(isTriedAgain)
            #expect(error.code == .receiverFailed)
            #expect(retryAfter == nil)
        case .refused(let error):
            #expect(!isTriedAgain)
            #expect(error.code == .receiverRefused)
        }
    }

    @Test(arguments: [("7", 7), ("0", 0), ("999999", Limits.retryAfterSeconds)])
    func aBusyServiceSaysWhenToComeBack(header: String, seconds: Int) async throws {
        let server = try LoopbackServer { _ in httpAnswer(429, "slow down", headers: ["Retry-After: \(header)"]) }
        guard case .failed(_, let retryAfter) = await (try slack(server.address)).attempt(NoticeSamples.plain) else {
            Issue.record("it was not told to try again")
            return
        }
        #expect(retryAfter == .seconds(seconds))
    }

    @Test func redirectsAreNotFollowed() async throws {
        let server = try LoopbackServer { _ in httpAnswer(302, "", headers: ["Location: /elsewhere"]) }
        guard case .refused(let error) = await (try slack(server.address)).attempt(NoticeSamples.plain) else {
            Issue.record("it was followed")
            return
        }
        #expect(error.code == .receiverRefused)
        #expect(server.seen.count == 1)
    }

    @Test(arguments: ["garbage", "", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 banana\r\n\r\n"])
    func garbageIsNoAnswer(text: String) async throws {
        let server = try LoopbackServer { _ in text }
        guard case .failed(let error, _) = await (try slack(server.address)).attempt(NoticeSamples.plain) else {
            Issue.record("it was taken")
            return
        }
        #expect(error.code == .receiverFailed)
    }

    @Test func anEndlessAnswerIsCut() async throws {
        let server = try LoopbackServer { _ in httpAnswer(200, "ok" + String(repeating: "x", count: 4 << 20)) }
        #expect(await (try slack(server.address)).attempt(NoticeSamples.plain) == .taken)
    }

    @Test func whoNeverAnswersIsGivenUp() async throws {
        let server = try LoopbackServer { _ in nil }
        guard
            case .failed(let error, _) = await (try slack(server.address, timeoutSeconds: 1)).attempt(
                NoticeSamples.plain
            )
        else {
            Issue.record("it was taken")
            return
        }
        #expect(error.code == .receiverFailed)
    }

    @Test func nothingListens() async throws {
        let address = try LoopbackServer { _ in nil }.address
        guard case .failed = await (try slack(address)).attempt(NoticeSamples.plain) else {
            Issue.record("it was taken")
            return
        }
    }

    @Test func theAddressIsShownToNobody() async throws {
        let server = try LoopbackServer { _ in httpAnswer(500, "token hush-hush-hush is unknown") }
        guard
            case .failed(let error, _) = await (try slack("\(server.address)/hush-hush-hush")).attempt(
                NoticeSamples.plain
            )
        else {
            Issue.record("it was taken")
            return
        }
        #expect(!error.description.contains(server.address))
        let broken = try slack("gopher://hush-hush-hush")
        guard case .refused(let refusal) = await broken.attempt(NoticeSamples.plain) else {
            Issue.record("it was taken")
            return
        }
        #expect(!refusal.description.contains("hush"))
    }

    @Test func aSecretThatIsNotThereIsNamed() async throws {
        let receiver = HTTPReceiver(
            NotifierID(trusted: "chat"),
            SlackFormat(url: try SettingText("{{ env.NOWHERE }}")),
            exchange: HTTPExchange(environment: environment),
            settings: ReceiverSettings(resolver: nil, environment: [:]),
            time: ManualClock().wallTime
        )
        guard case .failed(let error, _) = await receiver.attempt(NoticeSamples.plain) else {
            Issue.record("it was taken")
            return
        }
        #expect(error.code == .receiverSecret)
        #expect(error.message.contains("chat") && error.message.contains("env.NOWHERE"))
    }

    @Test(arguments: ["{{ steps.a.b }}", "{{ vars", "{{ params.x }}", "{{ vars }}"])
    func aTextRefersToSettingsAlone(source: String) {
        let error = #expect(throws: MartletError.self) { try SettingText(source) }
        #expect(error?.code == .receiverSecret)
    }
}

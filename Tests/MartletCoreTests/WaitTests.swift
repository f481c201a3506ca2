import MartletCore
import MartletTestKit
import Testing

@Suite(.tags(.machine)) struct WaitTests {
    static let actions: [WaitAction] = [
        WaitAction(.file(FileWait(path: "data/*.csv", minBytes: 3, settledSeconds: 1.5))),
        WaitAction(.dataset(DatasetWait(dataset: DatasetID(trusted: "a/b"), since: .ever))),
        WaitAction(.until(.instant("{{ run.started_at }}"))),
        WaitAction(.until(.timeOfDay("06:30", timezone: "Europe/Berlin"))),
        WaitAction(.until(.timeOfDay("06:30", timezone: nil))),
        WaitAction(.until(.delta(seconds: 60, from: .logicalDate))),
        WaitAction(
            .step(StepWait(pipeline: PipelineID(trusted: "p"), run: .latest, failedStates: ["failed"])),
            policy: WaitPolicy(
                pollSeconds: 1,
                backoff: 2,
                maxPollSeconds: 60,
                timeoutSeconds: 5,
                onTimeout: .skip,
                onError: .wait
            )
        ),
        WaitAction(.http(HTTPWait(url: "https://e.x", headers: ["A": "b"], contains: "c", json: "{{ body }}"))),
        WaitAction(.sql(SQLWait(statement: "SELECT 1"))),
    ]

    @Test(arguments: actions) func decodingIsTheInverseOfEncoding(_ action: WaitAction) throws {
        let step = StepAction.wait(action)
        #expect(try JSONText.decode(StepAction.self, from: JSONText.encode(step)) == step)
        #expect(step.kind == "wait" && step.isWaiting)
    }

    @Test func aWaitIsOneFlatObject() throws {
        let text = JSONText.encode(StepAction.wait(Self.actions[0]))
        let members = try JSONText.decode(JSONValue.self, from: text)["wait"]
        #expect(members?["file"]?["path"] == "data/*.csv")
        #expect(members?["timeout_seconds"] == 604_800)
    }

    @Test(arguments: ["{}", "{\"file\":{\"path\":\"a\"},\"sql\":{\"statement\":\"b\"}}"])
    func aWaitIsForOneThing(text: String) {
        #expect(throws: DecodingError.self) { try JSONText.decode(WaitCondition.self, from: text) }
    }

    @Test func questionsKeepTheirAnswers() throws {
        let action = ApproveAction(message: "Ship?", options: ["a", "b"], refusals: ["b"], defaultOption: "b")
        let step = StepAction.approve(action)
        #expect(try JSONText.decode(StepAction.self, from: JSONText.encode(step)) == step)
    }

    @Test(arguments: [
        ("06:30", 23_400), ("00:00", 0), ("23:59:59", 86_399), ("24:00", nil), ("6:30", nil), ("06:60", nil),
        ("06", nil), ("06:30:15:1", nil), ("-6:30", nil), ("", nil), ("०6:30", nil),
    ])
    func timesOfDay(text: String, seconds: Int?) { #expect(UntilWait.seconds(ofTime: text) == seconds) }

    @Test(arguments: [
        ("https://ann:secret@example.com/a?token=1#x", "https://example.com/a"), ("http://e.x", "http://e.x"),
        ("https://e.x/u@v", "https://e.x/u@v"), ("no address", "no address"), ("", ""),
    ])
    func addressesLoseTheirSecrets(url: String, shown: String) {
        #expect(HTTPWait(url: url).publicAddress == shown)
    }

    @Test func maskingReachesEveryText() {
        let alert = Alert(
            id: "1",
            kind: .stepFailed,
            at: Timestamp(microseconds: 0),
            text: "hush",
            error: MartletError(.exitCode, "hush", reason: "hush", remedy: "hush", cause: "hush")
        )
        let masked = JSONText.encode(alert.masked { $0.replacing("hush", with: "***") })
        #expect(!masked.contains("hush"))
        #expect(masked.contains("***"))
    }

    @Test func aWaitDependsOnTheStepsItsTemplatesName() {
        let wait = WaitAction(.file(FileWait(path: "{{ steps.one.values.path }}")))
        let step = StepManifest(id: StepID(trusted: "two"), action: .wait(wait))
        #expect(step.templateReferences.map(\.step) == [StepID(trusted: "one")])
    }
}

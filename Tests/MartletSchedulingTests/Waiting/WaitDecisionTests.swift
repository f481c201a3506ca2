import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct WaitDecisionTests {
    private let step = InstanceID(StepID(trusted: "w"))

    private func isSatisfied(_ result: WaitResult) -> Bool { if case .satisfied = result { true } else { false } }

    private func file(_ path: String, _ bytes: Int, age: Double) -> FoundFile {
        FoundFile(path: path, bytes: bytes, changedAt: newYear + .seconds(-age))
    }

    @Test func aFileHasToBeLargeAndSettled() {
        let wait = FileWait(path: "*", minBytes: 10, settledSeconds: 30)
        #expect(wait.result(of: [], at: newYear) == .notYet(reason: "no file matches"))
        #expect(
            wait.result(of: [file("/a", 9, age: 60)], at: newYear) == .notYet(reason: "/a has 9 of at least 10 bytes")
        )
        #expect(
            wait.result(of: [file("/a", 10, age: 10)], at: newYear)
                == .notYet(reason: "/a may still be written", again: newYear + .seconds(20))
        )
        #expect(isSatisfied(wait.result(of: [file("/a", 10, age: 30)], at: newYear)))
    }

    @Test func onlyFilesThatCountAreReported() {
        let wait = FileWait(path: "*", minBytes: 2)
        let files = [file("/c", 5, age: 0), file("/a", 3, age: -100), file("/b", 1, age: 9)]
        #expect(
            wait.result(of: files, at: newYear)
                == .satisfied(values: ["path": "/a", "paths": .array(["/a", "/c"]), "count": 2, "bytes": 8])
        )
    }

    @Test func reportedPathsAreLimited() {
        let files = (0..<500).map { file("/\($0)", 1, age: 1) }
        guard case .satisfied(let values) = FileWait(path: "*").result(of: files, at: newYear),
            case .array(let paths)? = values["paths"]
        else {
            Issue.record("not satisfied")
            return
        }
        #expect(paths.count == Limits.reportedPaths && values["count"] == 500)
    }

    @Test func aDatasetHasToBeNewEnough() {
        let dataset = DatasetID(trusted: "a")
        func result(_ at: Double?, since: Double?) -> Bool {
            let fact = at.map { DatasetFact(at: newYear + .seconds($0), run: RunID(trusted: "q-1"), path: "/x") }
            return isSatisfied(
                DatasetFact.result(of: fact, dataset: dataset, since: since.map { newYear + .seconds($0) })
            )
        }
        #expect(!result(nil, since: nil))
        #expect(result(-5, since: nil))
        #expect(!result(-5, since: 0))
        #expect(result(0, since: 0))
    }

    @Test func aStateDecides() {
        let wait = StepWait(
            pipeline: PipelineID(trusted: "q"),
            step: StepID(trusted: "s"),
            failedStates: ["failed"],
            skippedStates: ["skipped"]
        )
        func result(_ state: String?) -> WaitResult {
            let fact = state.map { RunFact(run: RunID(trusted: "q-1"), state: $0) }
            return wait.result(of: fact, logicalDate: newYear, for: step)
        }
        #expect(result("success") == .satisfied(values: ["run_id": "q-1", "state": "success"]))
        #expect(result("running") == .notYet(reason: "step s of pipeline q is running in run q-1"))
        #expect(result("skipped") == .skip(reason: "step s of pipeline q is skipped in run q-1"))
        #expect(result(nil) == .notYet(reason: "there is no run of pipeline q of \(newYear)"))
        guard case .failed(let error, retryable: false) = result("failed") else {
            Issue.record("a failed state does not fail")
            return
        }
        #expect(error.code == .awaitedStateReached)
    }

    @Test(arguments: [
        (String?.none, false), ("", false), ("0", false), ("0.0", false), ("-0", false), ("false", false),
        ("FALSE", false), (" ", false), ("NULL", false), ("1", true), ("true", true), ("-1", true), ("text", true),
        ("0x", true), ("nan", true),
    ])
    func aCellDecides(cell: String?, holds: Bool) { #expect(isSatisfied(SQLWait.result(ofCell: cell)) == holds) }

    private func answer(_ status: Int, _ body: String, isCut: Bool = false) -> HTTPAnswer {
        HTTPAnswer(status: status, body: Array(body.utf8), isCut: isCut)
    }

    @Test(arguments: [
        (200, true, false), (404, false, false), (503, false, false), (301, false, false), (429, false, false),
        (401, false, true), (403, false, true), (400, false, true), (500, false, false),
    ])
    func aStatusDecides(status: Int, holds: Bool, isHopeless: Bool) {
        let result = HTTPWait(url: "https://e.x").result(of: answer(status, ""), in: waitContext(), for: step)
        #expect(isSatisfied(result) == holds)
        if case .failed(let error, retryable: false) = result {
            #expect(isHopeless && error.code == .requestFailed)
        } else {
            #expect(!isHopeless)
        }
    }

    @Test func textAndConditionDecide() {
        let wait = HTTPWait(
            url: "https://e.x",
            status: [200, 202],
            contains: "ready",
            json: "{{ body.state == 'ready' and status == 202 and body.list.1 == params.n }}"
        )
        func result(_ status: Int, _ body: String) -> WaitResult {
            wait.result(of: answer(status, body), in: waitContext(params: ["n": 7]), for: step)
        }
        #expect(isSatisfied(result(202, #"{"state":"ready","list":[1,7]}"#)))
        #expect(!isSatisfied(result(200, #"{"state":"ready","list":[1,7]}"#)))
        #expect(!isSatisfied(result(202, #"{"state":"not ready","list":[1,7]}"#)))
        #expect(!isSatisfied(result(202, #"{"state":"done"}"#)))
        for body in ["ready", #"{"x":"ready"}"#, #"{"state":"ready","list":"#] {
            guard case .failed(let error, retryable: true) = result(202, body) else {
                Issue.record("\(body) is an answer")
                continue
            }
            #expect(error.code == .waitAnswerInvalid)
        }
    }

    @Test func bodiesOfAnyKindAreDecided() {
        var random = SeededGenerator(seed: 7)
        let wait = HTTPWait(url: "https://e.x", contains: "x", json: "{{ body.a.b.0 == 1 }}")
        for _ in 0..<2_000 {
            let body = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                Array("{}[]\":,ab01x \u{7f}\\".utf8).randomElement(using: &random) ?? 0
            }
            _ = wait.result(of: HTTPAnswer(status: 200, body: body), in: waitContext(), for: step)
        }
        let deep = String(repeating: "[", count: 100_000)
        #expect(!isSatisfied(wait.result(of: answer(200, "x" + deep), in: waitContext(), for: step)))
    }
}

import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.tags(.conformance), .timeLimit(.minutes(30))) struct WaitProbeConformanceTests {
    let scratch: Scratch
    private let clock = ManualClock()

    init() throws { scratch = try Scratch() }

    @Test(arguments: WaitProbeConformance.allCases) func files(_ behaviour: WaitProbeConformance) async throws {
        let folder = "\(scratch.path)/data"
        let request = waitRequest(.file(FileWait(path: "data/*.csv", minBytes: 1)), project: scratch.path)
        let bench = WaitProbeBench(probe: FileProbe(time: clock.wallTime), request: request) {
            try FileSystem.makeFolder(folder)
            try FileSystem.create("\(folder)/arrival.csv", Array("text".utf8))
        }
        try await behaviour.check(bench)
    }

    @Test(arguments: WaitProbeConformance.allCases) func time(_ behaviour: WaitProbeConformance) async throws {
        let request = waitRequest(.instant(newYear + .seconds(60)))
        let bench = WaitProbeBench(probe: TimeProbe(time: clock.wallTime), request: request) { [clock] in
            clock.advance(by: .seconds(60))
        }
        try await behaviour.check(bench)
    }

    @Test(arguments: WaitProbeConformance.allCases) func steps(_ behaviour: WaitProbeConformance) async throws {
        let facts = FakeRunFacts()
        let (pipeline, step) = (PipelineID(trusted: "q"), StepID(trusted: "s"))
        let wait = StepWait(pipeline: pipeline, step: step, failedStates: ["failed"])
        let failed = PipelineID(trusted: "failed")
        facts.set(RunFact(run: RunID(trusted: "f-1"), state: "failed"), pipeline: failed, logicalDate: newYear)
        var hopeless = wait
        (hopeless.pipeline, hopeless.step) = (failed, nil)
        let bench = WaitProbeBench(
            probe: FactsProbe(facts),
            request: waitRequest(.step(wait, logicalDate: newYear)),
            hopeless: waitRequest(.step(hopeless, logicalDate: newYear))
        ) {
            let fact = RunFact(run: RunID(trusted: "q-1"), state: "success")
            facts.set(fact, pipeline: pipeline, step: step, logicalDate: newYear)
        }
        try await behaviour.check(bench)
    }

    @Test(arguments: WaitProbeConformance.allCases) func datasets(_ behaviour: WaitProbeConformance) async throws {
        let facts = FakeRunFacts()
        let dataset = DatasetID(trusted: "a/b")
        facts.set(DatasetFact(at: newYear + .seconds(-1)), dataset: dataset)
        let bench = WaitProbeBench(probe: FactsProbe(facts), request: waitRequest(.dataset(dataset, since: newYear))) {
            facts.set(DatasetFact(at: newYear, run: RunID(trusted: "q-1"), path: "/x"), dataset: dataset)
        }
        try await behaviour.check(bench)
    }

    @Test(arguments: WaitProbeConformance.allCases) func http(_ behaviour: WaitProbeConformance) async throws {
        let isReady = Counter(1)
        let server = try LoopbackServer { request in
            if request.contains("/refused") { return httpAnswer(403) }
            // Once it has been taken it is ready.
            return isReady.isEmpty ? httpAnswer(200, #"{"a":[1,2]}"#) : httpAnswer(503)
        }
        let bench = WaitProbeBench(
            probe: HTTPProbe(environment: ["PATH": "/usr/bin:/bin"]),
            request: waitRequest(.http(HTTPWait(url: server.address, json: "{{ body.a.0 == 1 }}"))),
            hopeless: waitRequest(.http(HTTPWait(url: "\(server.address)/refused")))
        ) {
            _ = isReady.take()
        }
        try await behaviour.check(bench)
        withExtendedLifetime(server) {}
    }

    @Test(arguments: WaitProbeConformance.allCases) func sql(_ behaviour: WaitProbeConformance) async throws {
        let path = "\(scratch.path)/t.csv"
        var request = waitRequest(.sql(SQLWait(statement: "SELECT * FROM t")), project: scratch.path)
        request.context.inputs["t"] = .init(dataset: DatasetID(trusted: "t"), path: path, format: .csv)
        var hopeless = request
        hopeless.subject = .sql(SQLWait(statement: "SELEKT"))
        try FileSystem.create(path, Array("n\n0\n".utf8))
        let bench = WaitProbeBench(
            probe: SQLProbe { _ in FakeQueryEngine() },
            request: request,
            hopeless: hopeless
        ) {
            try FileSystem.create(path, Array("n\n1\n".utf8))
        }
        try await behaviour.check(bench)
    }

    @Test(arguments: WaitProbeConformance.allCases) func fake(_ behaviour: WaitProbeConformance) async throws {
        // The fake looks at nothing, so that every kind of wait is right for it.
        guard behaviour != .refusesAnotherKindOfWait else { return }
        let probe = FakeWaitProbe()
        let request = waitRequest(.file(FileWait(path: "x")))
        let bench = WaitProbeBench(probe: probe, request: request) { probe.set(.satisfied(), for: request.key) }
        try await behaviour.check(bench)
    }

    /// Each kind of wait reaches its probe, and questions none.
    @Test func waitsReachTheProbeForTheirKind() async {
        let names = ["files", "time", "facts", "http", "sql"]
        let probes = names.map { FakeWaitProbe(otherwise: .satisfied(values: ["by": .string($0)])) }
        let all = WaitProbes(files: probes[0], time: probes[1], facts: probes[2], http: probes[3], sql: probes[4])
        let subjects: [(WaitSubject, String)] = [
            (.file(FileWait(path: "x")), "files"), (.instant(newYear), "time"),
            (.dataset(DatasetID(trusted: "a"), since: nil), "facts"),
            (.step(StepWait(pipeline: PipelineID(trusted: "q")), logicalDate: nil), "facts"),
            (.http(HTTPWait(url: "http://e.x")), "http"), (.sql(SQLWait(statement: "")), "sql"),
        ]
        for (subject, name) in subjects {
            #expect(await all.probe(waitRequest(subject)) == .satisfied(values: ["by": .string(name)]))
        }
        #expect(!(await all.probe(waitRequest(.answer(ApproveAction(message: "?"))))).isSatisfied)
        #expect(probes.allSatisfy { $0.ended.count == subjects.count + 1 })
    }
}

import MartletCore
import Testing

/// The checks of ``RunStoreConformance`` on one store.
struct RunStoreBench<Store: RunStore> {
    let store: Store

    /// A log of `count` random events, in the store already.
    func log(_ seed: UInt64, _ count: Int) async throws -> (RandomRunLog, [RecordedEvent]) {
        var log = RandomRunLog(seed: seed)
        let events = log.next(count)
        try await store.keep(manifest: log.manifest, hash: log.hash)
        try await store.append(events, to: log.run, expecting: 0)
        return (log, events)
    }

    func readsBackWhatWasAppended() async throws {
        var (log, events) = try await log(1, 3)
        let more = log.next(40)
        try await store.append(more, to: log.run, expecting: 3)
        events += more
        let read = try await store.events(of: log.run)
        #expect(read == events)
        #expect(try await store.manifest(hash: log.hash) == log.manifest)
    }

    func keepsLogsApart() async throws {
        let (one, events) = try await log(1, 5)
        let (other, others) = try await log(2, 7)
        #expect(try await store.events(of: one.run) == events)
        #expect(try await store.events(of: other.run) == others)
    }

    func knowsNothingOfOthers() async throws {
        _ = try await log(1, 1)
        let stranger = RunID(trusted: "stranger")
        #expect(try await store.events(of: stranger).isEmpty)
        #expect(try await store.projection(of: stranger) == nil)
        #expect(try await store.manifest(hash: "stranger") == nil)
        #expect(try await store.runs(RunFilter(idPrefix: "stranger")).isEmpty)
    }

    func appendsNothing() async throws {
        try await store.append([], to: RunID(trusted: "nobody"), expecting: 0)
        #expect(try await store.projection(of: RunID(trusted: "nobody")) == nil)
    }

    func refuses(appendExpecting expected: Int, ofLogWith count: Int) async throws {
        let (log, events) = try await log(1, count)
        let event = RecordedEvent(
            sequence: expected + 1,
            at: Timestamp(microseconds: 0),
            event: .cancelRequested(reason: "refused")
        )
        let error = try #require(await refusal(of: [event], to: log.run, expecting: expected))
        #expect(error.code == .storeConflict)
        #expect(error.message.contains(log.run.rawValue))
        #expect(error.reason?.contains("\(expected)") == true)
        #expect(error.reason?.contains("\(count)") == true)
        #expect(try await store.events(of: log.run) == events)
    }

    func refusesEventsNotNumberedOn() async throws {
        var (log, events) = try await log(1, 3)
        let next = log.next(3)
        for wrong in [[next[1]], [next[0], next[2]], [next[0], next[0]], [next[1], next[0]]] {
            let error = try #require(await refusal(of: wrong, to: log.run, expecting: 3))
            #expect(error.code == .internalFault)
        }
        try await store.append(next, to: log.run, expecting: 3)
        events += next
        #expect(try await store.events(of: log.run) == events)
    }

    func refusesALogWithoutCreation() async throws {
        let (log, _) = try await log(1, 1)
        let event = RecordedEvent(sequence: 1, at: Timestamp(microseconds: 0), event: .cancelRequested(reason: "early"))
        let run = RunID(trusted: "\(log.run)-other")
        let error = try #require(await refusal(of: [event], to: run, expecting: 0))
        #expect(error.code == .transitionInvalid)
        #expect(try await store.events(of: run).isEmpty)
    }

    func refusesAnUnknownManifest() async throws {
        var log = RandomRunLog(seed: 1)
        let error = try #require(await refusal(of: log.next(2), to: log.run, expecting: 0))
        #expect(error.code == .internalFault)
        #expect(try await store.events(of: log.run).isEmpty)
        #expect(try await store.projection(of: log.run) == nil)
    }

    func goesOnWithAnotherManifest() async throws {
        let (log, _) = try await log(1, 1)
        try await store.keep(manifest: log.manifest, hash: "other")
        let cleared = ClearedSteps(steps: [], manifestHash: "other", version: 7)
        let event = RecordedEvent(sequence: 2, at: Timestamp(microseconds: 0), event: .cleared(cleared))
        try await store.append([event], to: log.run, expecting: 1)
        let run = try #require(try await store.projection(of: log.run)).run
        #expect(run.manifestHash == "other")
        #expect(run.occasion.version == 7)
    }

    func refusesAnUnknownManifestOfAClear() async throws {
        let (log, events) = try await log(1, 1)
        let cleared = ClearedSteps(steps: [], manifestHash: "unknown")
        let event = RecordedEvent(sequence: 2, at: Timestamp(microseconds: 0), event: .cleared(cleared))
        let error = try #require(await refusal(of: [event], to: log.run, expecting: 1))
        #expect(error.code == .internalFault)
        #expect(try await store.events(of: log.run) == events)
    }

    func leavesNothingOfARefusedAppend() async throws {
        var (log, events) = try await log(3, 4)
        let before = try await store.projection(of: log.run)
        let stale = log.next(6).map { RecordedEvent(sequence: $0.sequence - 1, at: $0.at, event: $0.event) }
        _ = try #require(await refusal(of: stale, to: log.run, expecting: 3))
        #expect(try await store.projection(of: log.run) == before)
        let right = stale.map { RecordedEvent(sequence: $0.sequence + 1, at: $0.at, event: $0.event) }
        try await store.append(right, to: log.run, expecting: 4)
        events += right
        #expect(try await store.events(of: log.run) == events)
        #expect(try await store.projection(of: log.run) == log.replay(events))
    }

    func keepsTheFirstManifest() async throws {
        let (first, second) = (RandomRunLog(seed: 3).manifest, RandomRunLog(seed: 4).manifest)
        try await store.keep(manifest: first, hash: "same")
        try await store.keep(manifest: second, hash: "same")
        try await store.keep(manifest: second, hash: "other")
        #expect(try await store.manifest(hash: "same") == first)
        #expect(try await store.manifest(hash: "other") == second)
    }

    func projectsLikeAReplay(seeds: ClosedRange<UInt64>) async throws {
        for seed in seeds {
            var log = RandomRunLog(seed: seed)
            try await store.keep(manifest: log.manifest, hash: log.hash)
            for size in [1, 1, 2, 5, 1, 20] {
                let expected = log.lastSequence
                try await store.append(log.next(size), to: log.run, expecting: expected)
                let events = try await store.events(of: log.run)
                #expect(try await store.projection(of: log.run) == log.replay(events), "seed \(seed)")
            }
        }
    }

    func projectsAppendsOfAnySize() async throws {
        let (log, events) = try await log(5, 2_000)
        #expect(try await store.events(of: log.run) == events)
        #expect(try await store.projection(of: log.run) == log.replay(events))
    }

    /// A list that grows, shrinks and grows again moves no row of any step.
    func keepsPlacesOfMappedSteps() async throws {
        let (run, steps) = (RunID(trusted: "mapped"), ["first", "train", "last"].map(StepID.init(trusted:)))
        let manifest = PipelineManifest(
            pipeline: PipelineID(trusted: "mapped"),
            steps: steps.map { StepManifest(id: $0, action: .command(CommandAction(shell: "true"))) }
        )
        try await store.keep(manifest: manifest, hash: "mapped")
        let created = RunCreated(
            pipeline: manifest.pipeline,
            manifestHash: "mapped",
            params: [:],
            program: nil,
            projectRoot: "/tmp",
            martletVersion: "0.1.0",
            slots: 1
        )
        func map(_ labels: String) -> RunEvent {
            let labels = labels.map(String.init)
            return .stepsMapped(MappedSteps(steps: [steps[1]], items: labels.map { .string($0) }, labels: labels))
        }
        func row(_ index: Int?, _ label: String?, removed: Int64? = nil) -> StepSummary {
            StepSummary(
                id: InstanceID(steps[1], index),
                state: removed == nil ? .none : .removed,
                finishedAt: removed.map(Timestamp.init(microseconds:)),
                label: label
            )
        }
        let (first, last) = (StepSummary(id: InstanceID(steps[0])), StepSummary(id: InstanceID(steps[2])))
        let rounds: [(event: RunEvent, rows: [StepSummary])] = [
            (.runCreated(created), [first, row(nil, nil), last]),
            (map("abc"), [first, row(0, "a"), last, row(1, "b"), row(2, "c")]),
            (map("x"), [first, row(0, "x"), last, row(1, "b", removed: 2), row(2, "c", removed: 2)]),
            (map("yz"), [first, row(0, "y"), last, row(1, "z"), row(2, "c", removed: 2)]),
            // The first instance stays, to say what became of the step.
            (map(""), [first, row(0, "y"), last, row(1, "z", removed: 4), row(2, "c", removed: 2)]),
        ]
        for (index, round) in rounds.enumerated() {
            let at = Timestamp(microseconds: Int64(index))
            let event = RecordedEvent(sequence: index + 1, at: at, event: round.event)
            try await store.append([event], to: run, expecting: index)
            let projection = try #require(try await store.projection(of: run))
            #expect(projection == RunProjection(run: projection.run, steps: round.rows))
        }
    }

    /// The error of an append that must fail.
    private func refusal(of events: [RecordedEvent], to run: RunID, expecting expected: Int) async -> MartletError? {
        await #expect(throws: MartletError.self) { try await store.append(events, to: run, expecting: expected) }
    }
}

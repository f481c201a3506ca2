import MartletCore
import Testing

/// The checks of ``RunStoreConformance`` on one store.
struct RunStoreBench<Store: RunStore> {
    let store: Store

    /// A log of `count` random events, in the store already.
    private func log(_ seed: UInt64, _ count: Int) async throws -> (RandomRunLog, [RecordedEvent]) {
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

    /// The error of an append that must fail.
    private func refusal(of events: [RecordedEvent], to run: RunID, expecting expected: Int) async -> MartletError? {
        await #expect(throws: MartletError.self) { try await store.append(events, to: run, expecting: expected) }
    }
}

extension RunStoreBench {
    /// A run of `pipeline` that was created at `second` and has come to `state`.
    private func run(_ id: String, of pipeline: String, at second: Int64, _ state: RunState) async throws {
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: pipeline), steps: [])
        try await store.keep(manifest: manifest, hash: pipeline)
        let created = RunCreated(
            pipeline: manifest.pipeline,
            manifestHash: pipeline,
            params: ["month": .integer(Int(second))],
            program: nil,
            projectRoot: "/tmp",
            martletVersion: "0.1.0",
            slots: 1
        )
        var events: [RunEvent] = [.runCreated(created)]
        if state != .queued { events.append(.runStarted(Executor(host: "here", pid: 7))) }
        if state.isTerminal { events.append(.runFinished(state: state, reason: nil)) }
        let at = Timestamp(microseconds: second * 1_000_000)
        let recorded = events.enumerated().map { RecordedEvent(sequence: $0 + 1, at: at, event: $1) }
        try await store.append(recorded, to: RunID(trusted: id), expecting: 0)
    }

    private func ids(_ filter: RunFilter) async throws -> [String] { try await store.runs(filter).map(\.id.rawValue) }

    func listsNewestFirst() async throws {
        try await run("b", of: "p", at: 20, .success)
        try await run("d", of: "p", at: 10, .queued)
        try await run("c", of: "p", at: 30, .failed)
        try await run("a", of: "p", at: 20, .running)
        #expect(try await ids(RunFilter()) == ["c", "b", "a", "d"])
        #expect(try await ids(RunFilter(limit: 2)) == ["c", "b"])
        #expect(try await ids(RunFilter(limit: 0)).isEmpty)
        let all = try await store.runs(RunFilter())
        for summary in all { #expect(try await store.projection(of: summary.id)?.run == summary) }
    }

    func listsWhatFits() async throws {
        try await run("p-1", of: "p", at: 1, .success)
        try await run("p-2", of: "p", at: 2, .failed)
        try await run("q-1", of: "q", at: 3, .success)
        try await run("q-2", of: "q", at: 4, .running)
        try await run("q_2", of: "q", at: 5, .cancelled)
        try await run("Q-2", of: "Q", at: 6, .queued)
        let q = PipelineID(trusted: "q")
        #expect(try await ids(RunFilter(pipeline: q)) == ["q_2", "q-2", "q-1"])
        #expect(try await ids(RunFilter(states: [.success])) == ["q-1", "p-1"])
        #expect(try await ids(RunFilter(states: [.success, .failed])) == ["q-1", "p-2", "p-1"])
        #expect(try await ids(RunFilter(states: [.success, .failed], limit: 2)) == ["q-1", "p-2"])
        #expect(try await ids(RunFilter(states: [])).isEmpty)
        #expect(try await ids(RunFilter(pipeline: q, states: [.running, .queued])) == ["q-2"])
        #expect(try await ids(RunFilter(idPrefix: "q-")) == ["q-2", "q-1"])
        #expect(try await ids(RunFilter(idPrefix: "")).count == 6)
        #expect(try await ids(RunFilter(idPrefix: "%")).isEmpty)
        #expect(try await ids(RunFilter(pipeline: q, states: [.running], idPrefix: "q-2", limit: 1)) == ["q-2"])
    }

    /// Four tasks share each run; whoever finds it changed looks where it ends now and tries again.
    func takesAppendsOfManyTasks() async throws {
        let (runs, sharers, appends) = (50, 4, 5)
        for index in 0..<runs { try await run("run-\(index)", of: "p", at: 1, .running) }
        try await withThrowingTaskGroup { group in
            for task in 0..<(runs * sharers) {
                group.addTask {
                    let run = RunID(trusted: "run-\(task % runs)")
                    for number in 0..<appends { try await insist("\(task / runs) \(number)", run) }
                }
            }
            try await group.waitForAll()
        }
        for index in 0..<runs {
            let log = try await store.events(of: RunID(trusted: "run-\(index)"))
            #expect(log.map(\.sequence) == Array(1...(2 + sharers * appends)))
            let reasons = log.compactMap { if case .cancelRequested(let reason) = $0.event { reason } else { nil } }
            for sharer in 0..<sharers {
                let own = reasons.filter { $0.hasPrefix("\(sharer) ") }
                #expect(own == (0..<appends).map { "\(sharer) \($0)" })
            }
        }
    }

    private func insist(_ reason: String, _ run: RunID) async throws {
        // Bounded, so that a store that never lets it in is a failure and not a hang.
        for _ in 0..<10_000 {
            let end = try await store.events(of: run).count
            let at = Timestamp(microseconds: 2_000_000)
            let event = RecordedEvent(sequence: end + 1, at: at, event: .cancelRequested(reason: reason))
            do throws(MartletError) {
                return try await store.append([event], to: run, expecting: end)
            } catch {
                guard error.code == .storeConflict else { throw error }
            }
        }
        Issue.record("\(run) never took the event \(reason)")
    }

    func letsOneOfManyWin() async throws {
        try await run("contested", of: "p", at: 1, .running)
        let run = RunID(trusted: "contested")
        let winners = await withTaskGroup(of: Bool.self) { group in
            for task in 0..<40 {
                group.addTask {
                    let at = Timestamp(microseconds: 2_000_000)
                    let event = RecordedEvent(sequence: 3, at: at, event: .cancelRequested(reason: "\(task)"))
                    do throws(MartletError) {
                        try await store.append([event], to: run, expecting: 2)
                        return true
                    } catch {
                        #expect(error.code == .storeConflict)
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await store.events(of: run).count == 3)
    }

    func refusesAllOnceClosed() async throws {
        let (log, events) = try await log(1, 2)
        await store.close()
        await store.close()
        let append = await #expect(throws: MartletError.self) {
            try await store.append(events, to: log.run, expecting: 2)
        }
        #expect(append?.code == .internalFault)
        let read = await #expect(throws: MartletError.self) { try await store.events(of: log.run) }
        #expect(read?.code == .internalFault)
    }
}

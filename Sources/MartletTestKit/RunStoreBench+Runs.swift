import MartletCore
import Testing

// Lists of runs, and what many tasks do at once.
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

import MartletCore
import Testing

// Runs by their dates.
extension ProjectStoreBench {
    /// The events of a run of `pipeline` that was created at `second` and has come to `state`; keeps its manifest.
    func log(
        of pipeline: String,
        at second: Int64,
        _ state: RunState,
        _ occasion: RunOccasion
    ) async throws -> [RunEvent] {
        let id = PipelineID(trusted: pipeline)
        try await store.keep(manifest: PipelineManifest(pipeline: id, steps: []), hash: "run-" + pipeline)
        let created = RunCreated(
            pipeline: id,
            manifestHash: "run-" + pipeline,
            params: [:],
            program: nil,
            projectRoot: "/tmp",
            martletVersion: "0.1.0",
            slots: 1,
            occasion: occasion
        )
        var events: [RunEvent] = [.runCreated(created)]
        if state != .queued { events.append(.runStarted(Executor(host: "here", pid: 7))) }
        if state.isTerminal { events.append(.runFinished(state: state, reason: nil)) }
        return events
    }

    /// Appends `events` to the log of a run.
    func append(_ events: [RunEvent], to run: String, at second: Int64) async throws {
        let id = RunID(trusted: run)
        let last = try await store.events(of: id).count
        let recorded = events.enumerated().map {
            RecordedEvent(sequence: last + $0 + 1, at: time(second), event: $1)
        }
        try await store.append(recorded, to: id, expecting: last)
    }

    func run(
        _ id: String,
        of pipeline: String = "p",
        at second: Int64 = 1,
        _ state: RunState = .queued,
        _ occasion: RunOccasion = RunOccasion()
    ) async throws {
        try await append(try await log(of: pipeline, at: second, state, occasion), to: id, at: second)
    }

    /// A run of `p` that stands for the date `date`.
    private func dated(_ id: String, _ kind: RunKind, _ date: Int64?, of pipeline: String = "p") async throws {
        try await run(id, of: pipeline, .queued, RunOccasion(kind: kind, logicalDate: date.map(time)))
    }

    func listsRunsByKindAndDate() async throws {
        try await dated("p-1", .scheduled, 10)
        try await dated("p-2", .backfill, 20)
        try await dated("p-3", .manual, nil)
        try await dated("q-1", .scheduled, 30, of: "q")
        func ids(_ filter: RunFilter) async throws -> [String] {
            try await store.runs(filter).map(\.id.rawValue).sorted()
        }
        #expect(try await ids(RunFilter(kinds: [.scheduled])) == ["p-1", "q-1"])
        #expect(try await ids(RunFilter(kinds: [.backfill, .manual])) == ["p-2", "p-3"])
        #expect(try await ids(RunFilter(kinds: [])).isEmpty)
        #expect(try await ids(RunFilter(from: time(20))) == ["p-2", "q-1"])
        #expect(try await ids(RunFilter(through: time(20))) == ["p-1", "p-2"])
        #expect(
            try await ids(RunFilter(states: [.queued], kinds: [.scheduled], from: time(11), through: time(30))) == [
                "q-1"
            ]
        )
    }

    func keepsOccasions() async throws {
        let full = RunOccasion(
            kind: .backfill,
            logicalDate: time(100),
            intervalStart: time(90),
            intervalEnd: time(100),
            runAfter: time(101),
            timezone: "Europe/Athens",
            timezoneDatabase: "2026a",
            backfill: "p-b",
            ordinal: 3,
            version: 2,
            partition: "eu",
            note: "Größe \u{1F426}",
            isUnattended: true
        )
        for (index, occasion) in [full, RunOccasion(), RunOccasion(kind: .dataset)].enumerated() {
            try await run("p-\(index)", .queued, occasion)
            #expect(try await store.projection(of: RunID(trusted: "p-\(index)"))?.run.occasion == occasion)
        }
        #expect(try await store.run(of: PipelineID(trusted: "p"), for: time(100))?.occasion == full)
    }

    func refusesASecondRunOfADate() async throws {
        try await dated("p-1", .scheduled, 10)
        try await dated("q-1", .scheduled, 10, of: "q")
        for id in ["p-2", "p-3"] { try await dated(id, .manual, nil) }
        for kind in RunKind.allCases {
            let error = await #expect(throws: MartletError.self) { try await dated("p-4", kind, 10) }
            #expect(error?.code == .runExists)
            #expect(error?.message.contains("p-1") == true)
            #expect(error?.message.contains("1970-01-01T00:00:10") == true)
        }
        #expect(try await store.events(of: RunID(trusted: "p-4")).isEmpty)
        #expect(try await store.projection(of: RunID(trusted: "p-4")) == nil)
        try await dated("p-4", .manual, 11)
        // One that has ended is a run for its date all the same.
        try await append([.runFinished(state: .failed, reason: nil)], to: "p-1", at: 2)
        await #expect(throws: MartletError.self) { try await dated("p-5", .manual, 10) }
    }

    func letsOneOfManyHaveADate() async throws {
        try await dated("p-first", .scheduled, 1)
        let winners = await withTaskGroup(of: Bool.self) { group in
            for task in 0..<20 {
                group.addTask {
                    do {
                        try await dated("p-\(task)", .scheduled, 2)
                        return true
                    } catch {
                        #expect((error as? MartletError)?.code == .runExists)
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await store.runs(RunFilter()).count == 2)
    }

    func findsTheRunOfADate() async throws {
        for date: Int64 in [30, 10, 20, 40] { try await dated("p-\(date)", .scheduled, date) }
        try await dated("p-none", .manual, nil)
        try await dated("q-20", .scheduled, 20, of: "q")
        let p = PipelineID(trusted: "p")
        #expect(try await store.run(of: p, for: time(20))?.id.rawValue == "p-20")
        #expect(try await store.run(of: p, for: time(21)) == nil)
        #expect(try await store.run(of: PipelineID(trusted: "r"), for: time(20)) == nil)
        func ids(_ from: Int64, _ through: Int64) async throws -> [String] {
            try await store.runs(of: p, from: time(from), through: time(through)).map(\.id.rawValue)
        }
        #expect(try await ids(10, 30) == ["p-10", "p-20", "p-30"])
        #expect(try await ids(11, 39) == ["p-20", "p-30"])
        #expect(try await ids(41, 99).isEmpty)
        #expect(try await ids(30, 10).isEmpty)
        let summary = try #require(try await store.run(of: p, for: time(20)))
        #expect(try await store.projection(of: summary.id)?.run == summary)
    }

    func findsTheLastRun() async throws {
        let p = PipelineID(trusted: "p")
        for (kind, date) in [
            (RunKind.scheduled, 20 as Int64?), (.scheduled, 10), (.backfill, 50), (.manual, 30), (.manual, nil),
            (.dataset, nil),
        ] {
            try await dated("p-\(kind)-\(date ?? 0)", kind, date)
        }
        try await dated("q", .scheduled, 99, of: "q")
        func last(_ kinds: Set<RunKind>, before: Int64? = nil) async throws -> String? {
            try await store.lastRun(of: p, kinds: kinds, before: before.map(time))?.id.rawValue
        }
        #expect(try await last([.scheduled]) == "p-scheduled-20")
        #expect(try await last([.scheduled], before: 20) == "p-scheduled-10")
        #expect(try await last([.scheduled], before: 10) == nil)
        #expect(try await last([.scheduled, .manual]) == "p-manual-30")
        #expect(try await last([.scheduled, .manual], before: 30) == "p-scheduled-20")
        #expect(try await last(Set(RunKind.allCases)) == "p-backfill-50")
        #expect(try await last([.dataset]) == nil)
        #expect(try await last([]) == nil)
    }

    func listsUnfinishedRuns() async throws {
        let states: [RunState] = [.running, .success, .queued, .failed, .queued, .cancelled, .running]
        for (index, state) in states.enumerated() {
            try await run("p-\(index)", of: index.isMultiple(of: 2) ? "p" : "q", at: Int64(100 - index), state)
        }
        func ids() async throws -> [String] { try await store.unfinishedRuns().map(\.id.rawValue) }
        #expect(try await ids() == ["p-6", "p-4", "p-2", "p-0"])
        try await append([.runFinished(state: .failed, reason: nil)], to: "p-6", at: 200)
        #expect(try await ids() == ["p-4", "p-2", "p-0"])
        // A run that had ended goes on.
        try await append([.cleared(ClearedSteps(steps: []))], to: "p-5", at: 300)
        #expect(try await ids() == ["p-5", "p-4", "p-2", "p-0"])
        #expect(try await store.unfinishedRuns().first?.state == .queued)
    }

    func listsEndedRuns() async throws {
        let states: [RunState] = [.running, .success, .queued, .failed, .success, .cancelled, .running]
        for (index, state) in states.enumerated() { try await run("p-\(index)", at: Int64(index), state) }
        try await run("q-1", of: "q", at: 50, .success)
        func ids(_ limit: Int) async throws -> [String] {
            try await store.endedRuns(of: PipelineID(trusted: "p"), limit: limit).map(\.id.rawValue)
        }
        #expect(try await ids(10) == ["p-5", "p-4", "p-3", "p-1"])
        #expect(try await ids(2) == ["p-5", "p-4"])
        #expect(try await ids(0).isEmpty)
    }
}

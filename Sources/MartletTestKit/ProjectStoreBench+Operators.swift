import MartletCore
import Testing

// Backfills and requests.
extension ProjectStoreBench {
    private func record(_ id: String, at second: Int64, dates count: Int = 2) -> BackfillRecord {
        BackfillRecord(
            id: id,
            request: BackfillRequest(
                pipeline: PipelineID(trusted: "p"),
                from: time(0),
                through: time(Int64(count)),
                isBackwards: true,
                maxActiveRuns: 3,
                reprocess: .failed,
                params: ["month": 3, "label": "Größe"],
                latestVersion: true,
                note: "ada"
            ),
            createdAt: time(second),
            dates: (0..<count).map { ordinal in
                BackfillDate(
                    ordinal: ordinal,
                    logicalDate: time(Int64(ordinal) * 10),
                    intervalStart: time(Int64(ordinal) * 10 - 10),
                    intervalEnd: time(Int64(ordinal) * 10),
                    decision: BackfillDate.Decision.allCases[ordinal % 3],
                    reason: ordinal % 3 == 2 ? "in flight" : nil,
                    run: ordinal % 3 == 1 ? RunID(trusted: "p-old-\(ordinal)") : nil
                )
            }
        )
    }

    func keepsBackfills() async throws {
        var backfill = record("b", at: 1, dates: 400)
        try await store.add(backfill)
        #expect(try await store.backfill("b") == backfill)
        #expect(try await store.backfill("other") == nil)
        let runs = [0: RunID(trusted: "p-a"), 399: RunID(trusted: "p-b"), 4_000: RunID(trusted: "p-c")]
        try await store.update(backfill: "b", state: .paused, runs: runs)
        backfill.state = .paused
        backfill.dates[0].run = runs[0]
        backfill.dates[399].run = runs[399]
        #expect(try await store.backfill("b") == backfill)
        try await store.update(backfill: "b", state: .done, runs: [:])
        backfill.state = .done
        #expect(try await store.backfill("b") == backfill)
    }

    func listsBackfills() async throws {
        for (index, state) in [BackfillState.running, .done, .paused, .cancelled, .running].enumerated() {
            try await store.add(record("b\(index)", at: Int64(index) * (index == 4 ? 0 : 1)))
            try await store.update(backfill: "b\(index)", state: state, runs: [:])
        }
        func ids(_ unfinishedOnly: Bool, _ limit: Int) async throws -> [String] {
            try await store.backfills(unfinishedOnly: unfinishedOnly, limit: limit).map(\.id)
        }
        #expect(try await ids(false, 10) == ["b3", "b2", "b1", "b4", "b0"])
        #expect(try await ids(false, 2) == ["b3", "b2"])
        #expect(try await ids(true, 10) == ["b2", "b4", "b0"])
        #expect(try await ids(true, 2) == ["b2", "b4"])
        #expect(try await ids(true, 0).isEmpty)
        let listed = try await store.backfills(unfinishedOnly: false, limit: 10)
        for backfill in listed { #expect(try await store.backfill(backfill.id) == backfill) }
    }

    /// The run of a date is known as soon as it exists: nothing can come between.
    func notesTheRunsOfABackfill() async throws {
        try await store.add(record("b", at: 1))
        try await run("p-1", .queued, RunOccasion(kind: .backfill, backfill: "b", ordinal: 0))
        try await run("p-2", .queued, RunOccasion(kind: .backfill, backfill: "b", ordinal: 9))
        try await run("p-3", .queued, RunOccasion(kind: .backfill, backfill: "other", ordinal: 0))
        let runs = try #require(try await store.backfill("b")).dates.map(\.run)
        #expect(runs == [RunID(trusted: "p-1"), RunID(trusted: "p-old-1")])
    }

    func refusesUnknownBackfills() async throws {
        let unknown = await #expect(throws: MartletError.self) {
            try await store.update(backfill: "other", state: .paused, runs: [:])
        }
        #expect(unknown?.code == .recordNotFound)
        #expect(unknown?.message.contains("other") == true)
        let first = record("b", at: 1)
        try await store.add(first)
        let again = await #expect(throws: MartletError.self) { try await store.add(record("b", at: 2, dates: 5)) }
        #expect(again?.code == .recordExists)
        #expect(again?.message.contains("b") == true)
        #expect(try await store.backfill("b") == first)
    }

    private var requests: [OperatorRequest] {
        let (pipeline, run) = (PipelineID(trusted: "p"), RunID(trusted: "p-1"))
        let step = InstanceID(StepID(trusted: "train"), 3)
        return [
            .pause(pipeline), .unpause(pipeline), .deletePipeline(pipeline),
            .trigger(
                TriggerRequest(pipeline: pipeline, params: ["a": 1], logicalDate: time(5), note: "Größe \u{1F426}")
            ),
            .cancel(run), .clear(ClearRequest(run: run, steps: [step], onlyFailed: true, latestVersion: false)),
            .mark(MarkRequest(run: run, state: .success)),
            .answer(AnswerRequest(run: run, step: step, option: "approve", by: "ada")),
            .backfill(record("b", at: 1).request), .changeBackfill(id: "b", .cancelled),
            .datasetWritten(dataset: DatasetID(trusted: "raw/x.csv"), partition: "eu"), .settingsChanged,
        ]
    }

    func keepsRequestsOfEveryKind() async throws {
        var expected: [RecordedRequest] = []
        for (index, request) in requests.enumerated() {
            let id = try await store.submit(request, by: "ada@laptop", at: time(Int64(9 - index)))
            let recorded = RecordedRequest(id: id, at: time(Int64(9 - index)), by: "ada@laptop", request: request)
            #expect(try await store.request(id) == recorded)
            expected.append(recorded)
        }
        #expect(expected.map(\.id) == Array(1...requests.count))
        #expect(try await store.openRequests() == expected)
        #expect(try await store.request(999) == nil)
    }

    func answersOnce() async throws {
        let error = MartletError(
            .runNotFound,
            "there is no run \"x\"",
            reason: "why",
            remedy: "look",
            location: SourceLocation(file: "a.yaml", line: 3, column: 1),
            cause: "none"
        )
        let answers: [(Result<JSONValue, MartletError>, JSONValue?, MartletError?)] = [
            (.success(.object(["run": "p-1"])), .object(["run": "p-1"]), nil), (.success(nil), JSONValue.null, nil),
            (.failure(error), nil, error),
        ]
        for (answer, value, failure) in answers {
            let id = try await store.submit(.settingsChanged, by: "ada", at: time(1))
            try await store.answer(request: id, with: answer, at: time(2))
            try await store.answer(request: id, with: .success("too late"), at: time(3))
            let recorded = try #require(try await store.request(id))
            #expect(recorded.answeredAt == time(2))
            #expect(recorded.answer == value)
            #expect(recorded.error == failure)
        }
        let open = try await store.submit(.settingsChanged, by: "ada", at: time(1))
        #expect(try await store.openRequests().map(\.id) == [open])
    }

    func numbersRequestsOfManyTasks() async throws {
        let ids = try await withThrowingTaskGroup { group in
            for task in 0..<60 {
                group.addTask { try await store.submit(.settingsChanged, by: "\(task)", at: time(1)) }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(ids.count == 60)
        let open = try await store.openRequests().map(\.id)
        #expect(open == ids.sorted())
    }

    func refusesToAnswerTheUnknown() async throws {
        let error = await #expect(throws: MartletError.self) {
            try await store.answer(request: 7, with: .success(true), at: time(1))
        }
        #expect(error?.code == .recordNotFound)
    }

    func countsChanges() async throws {
        var last = try await store.changeCounter()
        #expect(try await store.changeCounter() == last)
        _ = try await store.openRequests()
        _ = try await store.unfinishedRuns()
        #expect(try await store.changeCounter() == last)
        for change in 0..<3 {
            if change == 1 {
                try await run("p-1")
            } else {
                _ = try await store.submit(.settingsChanged, by: "ada", at: time(1))
            }
            let next = try await store.changeCounter()
            #expect(next != last)
            last = next
        }
    }
}

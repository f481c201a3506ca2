import MartletCore
import Testing

// Writings of datasets, and who took them.
extension ProjectStoreBench {
    private var clean: DatasetID { DatasetID(trusted: "flights/clean") }
    private var model: DatasetID { DatasetID(trusted: "model") }

    /// An attempt of `step` that wrote `datasets` and left the step in `state`.
    private func attempt(
        _ step: InstanceID,
        _ state: StepState,
        _ result: AttemptOutcome.Result,
        _ datasets: [DatasetID]
    ) -> RunEvent {
        let outputs = datasets.map { dataset in
            DatasetOutput(
                name: PortName(trusted: "out"),
                dataset: dataset,
                path: "/x/\(dataset)",
                format: nil,
                bytes: 1
            )
        }
        let outcome = AttemptOutcome(result, outputs: outputs)
        return .attemptFinished(AttemptFinished(step: step, attempt: 1, outcome: outcome, state: state))
    }

    func projectsWritingsOfDatasets() async throws {
        let step = StepID(trusted: "train")
        try await run("p-1", .running, RunOccasion(partition: "eu"))
        try await run("q-1", of: "q", .running)
        try await append([attempt(InstanceID(step), .success, .success, [clean, model])], to: "p-1", at: 5)
        try await append([attempt(InstanceID(step), .failed, .failed, [model])], to: "q-1", at: 6)
        try await append([attempt(InstanceID(step), .upForRetry, .failed, [model])], to: "q-1", at: 6)
        // Cleared while it ran: its steps after it never see what it wrote.
        try await append([attempt(InstanceID(step), .none, .success, [model])], to: "q-1", at: 6)
        try await append([attempt(InstanceID(step, 3), .success, .success, [clean])], to: "q-1", at: 7)
        let events = try await store.datasetEvents(after: 0, limit: 10)
        let expected = [
            DatasetEvent(
                position: 1,
                dataset: clean,
                at: time(5),
                run: RunID(trusted: "p-1"),
                step: InstanceID(step),
                path: "/x/flights/clean",
                partition: "eu"
            ),
            DatasetEvent(
                position: 2,
                dataset: model,
                at: time(5),
                run: RunID(trusted: "p-1"),
                step: InstanceID(step),
                path: "/x/model",
                partition: "eu"
            ),
            DatasetEvent(
                position: 3,
                dataset: clean,
                at: time(7),
                run: RunID(trusted: "q-1"),
                step: InstanceID(step, 3),
                path: "/x/flights/clean"
            ),
        ]
        #expect(events == expected)
        #expect(try await store.datasetEvents(after: 1, limit: 1) == [expected[1]])
        #expect(try await store.datasetEvents(after: 3, limit: 10).isEmpty)
        #expect(try await store.datasetEvents(after: 0, limit: 0).isEmpty)
        #expect(try await store.lastEvent(of: clean) == expected[2])
        #expect(try await store.lastEvent(of: model) == expected[1])
        #expect(try await store.lastEvent(of: DatasetID(trusted: "raw")) == nil)
    }

    func recordsWritingsFromOutside() async throws {
        let first = try await store.addDatasetEvent(clean, partition: "2026-01", at: time(3))
        #expect(first == DatasetEvent(position: 1, dataset: clean, at: time(3), partition: "2026-01"))
        let second = try await store.addDatasetEvent(clean, partition: nil, at: time(2))
        #expect(second.position == 2)
        #expect(try await store.datasetEvents(after: 0, limit: 5) == [first, second])
        // The last one is the one recorded last, whatever its time.
        #expect(try await store.lastEvent(of: clean) == second)
    }

    func knowsWhatWasTaken() async throws {
        let (p, q) = (PipelineID(trusted: "p"), PipelineID(trusted: "q"))
        func taken(_ positions: Int...) -> RunEvent {
            .datasetsTaken(positions.map { DatasetEvent(position: $0, dataset: clean, at: time(1)) })
        }
        try await run("p-1")
        try await run("q-1", of: "q")
        #expect(try await store.datasetsTaken(by: p) == nil)
        try await append([taken(4, 7, 5)], to: "p-1", at: 2)
        try await append([taken()], to: "q-1", at: 2)
        #expect(try await store.datasetsTaken(by: p) == 7)
        #expect(try await store.datasetsTaken(by: q) == nil)
        try await append([taken(6)], to: "p-1", at: 3)
        #expect(try await store.datasetsTaken(by: p) == 7)
        // With the run that takes them, in one append.
        let created = try await log(of: "p", at: 4, .queued, RunOccasion(kind: .dataset))
        try await append(created + [taken(8, 9)], to: "p-2", at: 4)
        #expect(try await store.datasetsTaken(by: p) == 9)
    }
}

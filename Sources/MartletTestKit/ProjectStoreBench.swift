import MartletCore
import Testing

/// The checks of ``ProjectStoreConformance`` on one store.
struct ProjectStoreBench<Store: RunStore & ProjectStore> {
    let store: Store

    func time(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

    /// Keeps manifests under `hashes` and registers `pipeline` with each in turn.
    @discardableResult
    func register(
        _ pipeline: String,
        _ hashes: [String],
        startsPaused: Bool = false,
        at second: Int64 = 1
    ) async throws -> [PipelineRecord] {
        let id = PipelineID(trusted: pipeline)
        var records: [PipelineRecord] = []
        for (index, hash) in hashes.enumerated() {
            try await store.keep(manifest: PipelineManifest(pipeline: id, steps: []), hash: hash)
            let record = try await store.register(
                id,
                hash: hash,
                source: "pipelines/\(index).yaml",
                program: index == 0 ? nil : "/opt/\(pipeline)",
                startsPaused: startsPaused,
                at: time(second + Int64(index))
            )
            records.append(record)
        }
        return records
    }

    func numbersVersions() async throws {
        let records = try await register("p", ["a", "a", "b", "a"])
        #expect(records.map(\.version) == [1, 1, 2, 3])
        #expect(records.map(\.manifestHash) == ["a", "a", "b", "a"])
        #expect(records.map(\.source) == (0...3).map { "pipelines/\($0).yaml" })
        #expect(records.map(\.program) == [nil, "/opt/p", "/opt/p", "/opt/p"])
        #expect(records.map(\.registeredAt) == [time(1), time(1), time(1), time(1)])
        #expect(records.map(\.versionAt) == [time(1), time(1), time(3), time(4)])
        #expect(try await store.pipelines() == [records[3]])
        let pipeline = PipelineID(trusted: "p")
        let versions = try await store.versions(of: pipeline)
        #expect(versions.map(\.number) == [1, 2, 3])
        #expect(versions.map(\.manifestHash) == ["a", "b", "a"])
        #expect(versions.map(\.at) == [time(1), time(3), time(4)])
        #expect(versions.allSatisfy { $0.pipeline == pipeline })
        #expect(try await store.versions(of: PipelineID(trusted: "other")).isEmpty)
    }

    func pausesNewPipelinesOnlyOnce() async throws {
        let pipeline = PipelineID(trusted: "p")
        #expect(try await register("p", ["a"], startsPaused: true).map(\.isPaused) == [true])
        try await store.setPaused(pipeline, false, note: nil)
        #expect(try await register("p", ["a", "b"], startsPaused: true).map(\.isPaused) == [false, false])
        #expect(try await register("q", ["a"], startsPaused: false).map(\.isPaused) == [false])
    }

    func pausesWithANote() async throws {
        let pipeline = PipelineID(trusted: "p")
        try await register("p", ["a"])
        for (isPaused, note, kept) in [
            (true, "Größe \u{1F426}" as String?, "Größe \u{1F426}" as String?), (true, nil, nil), (true, "ada", "ada"),
            (false, "ada", nil), (false, nil, nil),
        ] {
            try await store.setPaused(pipeline, isPaused, note: note)
            let record = try #require(try await store.pipelines().first)
            #expect(record.isPaused == isPaused)
            #expect(record.pauseNote == kept)
        }
        let error = await #expect(throws: MartletError.self) {
            try await store.setPaused(PipelineID(trusted: "other"), true, note: nil)
        }
        #expect(error?.code == .pipelineUnregistered)
        #expect(error?.message.contains("other") == true)
    }

    func listsPipelinesByName() async throws {
        for name in ["b", "a-c", "B", "10", "9", "a_b"] { try await register(name, ["hash"]) }
        let names = try await store.pipelines().map(\.pipeline.rawValue)
        #expect(names == ["10", "9", "B", "a-c", "a_b", "b"])
    }

    func forgetsAPipeline() async throws {
        try await register("p", ["a", "b"])
        try await register("q", ["a"])
        try await run("p-1", of: "p")
        let pipeline = PipelineID(trusted: "p")
        for _ in 1...2 {
            try await store.forget(pipeline)
            #expect(try await store.pipelines().map(\.pipeline.rawValue) == ["q"])
            #expect(try await store.versions(of: pipeline).isEmpty)
        }
        #expect(try await store.runs(RunFilter(pipeline: pipeline)).count == 1)
        #expect(try await store.manifest(hash: "b") != nil)
        let again = try await register("p", ["b"], at: 9)
        #expect(again.map(\.version) == [1])
        #expect(again.map(\.registeredAt) == [time(9)])
    }

    func refusesAPipelineWithoutManifest() async throws {
        let error = await #expect(throws: MartletError.self) {
            try await store.register(
                PipelineID(trusted: "p"),
                hash: "unknown",
                source: "p.yaml",
                program: nil,
                startsPaused: false,
                at: time(1)
            )
        }
        #expect(error?.code == .internalFault)
        #expect(try await store.pipelines().isEmpty)
    }

    func notesWhereDatasetsStood() async throws {
        #expect(try await register("p", ["a"]).map(\.datasetsFrom) == [0])
        for _ in 1...3 {
            _ = try await store.addDatasetEvent(DatasetID(trusted: "raw"), partition: nil, at: time(1))
        }
        #expect(try await register("p", ["b"]).map(\.datasetsFrom) == [0])
        #expect(try await register("q", ["a"]).map(\.datasetsFrom) == [3])
    }
}

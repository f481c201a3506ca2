import Foundation
import MartletCore
import MartletTestKit
import Synchronization

@testable import MartletRuntime

/// A project with two steps that read a file, clean it and count its lines; the second fails for a line that is `bad`.
struct RunDataBench {
    let scratch: Scratch
    let store = InMemoryRunStore()
    let lake = InMemoryRunLake()
    let launcher: WatchedLauncher
    let clock = ManualClock()
    let ids = SeededIDs(seed: 7)
    let raw = DatasetID(trusted: "lines/raw")
    let clean = DatasetID(trusted: "lines/clean")
    let count = DatasetID(trusted: "lines/count")

    static let report = #"""
        echo "{\"type\":\"value\",\"name\":\"lines\",\"value\":$(wc -l < "$MARTLET_INPUT_CLEAN")}" >> "$MARTLET_MESSAGES"

        """#

    init() throws {
        scratch = try Scratch()
        launcher = WatchedLauncher(
            LocalLauncher(
                LocalLauncher.Configuration(
                    martlet: "/bin/false",
                    python: "/usr/bin/python3",
                    pythonCache: "\(scratch.path)/python",
                    environment: ["PATH": "/usr/bin:/bin"]
                )
            )
        )
        try write("a\nb\n", "data.txt")
        try write("cat \"$MARTLET_INPUT_RAW\" > \"$MARTLET_OUTPUT_CLEAN\"\n", "steps/clean.sh")
        let count =
            "! grep bad \"$MARTLET_INPUT_CLEAN\" && wc -l < \"$MARTLET_INPUT_CLEAN\" > \"$MARTLET_OUTPUT_COUNT\" && "
        try write(count + Self.report, "steps/count.sh")
    }

    func instance(_ name: String) -> InstanceID { InstanceID(StepID(trusted: name)) }

    func write(_ text: String, _ name: String) throws {
        let path = "\(scratch.path)/\(name)"
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    func manifest() -> PipelineManifest {
        func port(_ name: String) -> PortName { PortName(trusted: name) }
        return PipelineManifest(
            pipeline: PipelineID(trusted: "lines"),
            params: [ParameterSpec(name: port("rate"), type: .integer, defaultValue: 1)],
            sources: [SourceSpec(dataset: raw, path: "data.txt")],
            steps: [
                StepManifest(
                    id: StepID(trusted: "clean"),
                    action: .command(CommandAction(shell: "sh steps/clean.sh")),
                    inputs: [InputSpec(name: port("raw"), dataset: raw)],
                    outputs: [OutputSpec(name: port("clean"), dataset: clean)]
                ),
                StepManifest(
                    id: StepID(trusted: "count"),
                    action: .command(CommandAction(shell: "sh steps/count.sh")),
                    inputs: [InputSpec(name: port("clean"), dataset: clean)],
                    outputs: [OutputSpec(name: port("count"), dataset: count)],
                    values: [port("lines")]
                ),
            ]
        )
    }

    /// A pipeline that counts the clean lines of another.
    func reader(of source: String) -> PipelineManifest {
        var reader = manifest()
        reader.pipeline = PipelineID(trusted: "reader")
        reader.sources = [SourceSpec(dataset: clean, path: source)]
        reader.steps.removeFirst()
        reader.steps[0].outputs[0].dataset = DatasetID(trusted: "reader/count")
        return reader
    }

    func service(_ store: InMemoryRunStore) -> RunService {
        RunService(
            RunService.Dependencies(
                store: store,
                launcher: launcher,
                time: clock.wallTime,
                ids: ids,
                clock: clock,
                executor: Executor(host: "test", pid: 1),
                data: RunData(
                    lake: lake,
                    results: store,
                    time: clock.wallTime,
                    python: "/usr/bin/python3",
                    martletVersion: "test",
                    settings: nil,
                    environment: ["PATH": "/usr/bin:/bin"]
                )
            ),
            layout: ProjectLayout(root: scratch.path)
        )
    }

    func create(
        _ manifest: PipelineManifest? = nil,
        params: [String: JSONValue] = [:],
        usesCache: Bool = true
    ) async throws -> RunExecution {
        try await service(store).create(
            RunService.Request(
                manifest: manifest ?? self.manifest(),
                params: params,
                slots: 4,
                martletVersion: "test",
                usesCache: usesCache
            )
        )
    }

    func run(
        _ manifest: PipelineManifest? = nil,
        params: [String: JSONValue] = [:],
        usesCache: Bool = true
    ) async throws -> RunProjection {
        try await create(manifest, params: params, usesCache: usesCache).run(NoObserver())
    }
}

/// A launcher that notes what it launches.
final class WatchedLauncher: StepLauncher {
    private let inner: LocalLauncher
    private let steps = Mutex<[String]>([])

    init(_ inner: LocalLauncher) { self.inner = inner }

    var launched: [String] { steps.withLock { $0 } }

    func launch(_ launch: AttemptLaunch, report: @escaping @Sendable (StepMessage) -> Void) async -> AttemptOutcome {
        steps.withLock { $0.append(launch.step.id.rawValue) }
        return await inner.launch(launch, report: report)
    }
}

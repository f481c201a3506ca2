import Crypto
import Foundation
public import MartletCore
import MartletScheduling

/// Creates, executes and resumes runs.
public struct RunService: Sendable {
    /// All that a run needs from outside.
    public struct Dependencies: Sendable {
        /// Keeps the logs of runs and their manifests.
        public var store: any RunStore
        /// Runs the attempts of steps.
        public var launcher: any StepLauncher
        /// Tells when each event happens.
        public var time: any TimeSource
        /// Makes the last part of new run ids.
        public var ids: any IDGenerator
        /// Waits between retries.
        public var clock: any Clock<Duration>
        /// This process, as logs name it.
        public var executor: Executor

        /// A set with every dependency; none has a default.
        public init(
            store: any RunStore,
            launcher: any StepLauncher,
            time: any TimeSource,
            ids: any IDGenerator,
            clock: any Clock<Duration>,
            executor: Executor
        ) {
            self.store = store
            self.launcher = launcher
            self.time = time
            self.ids = ids
            self.clock = clock
            self.executor = executor
        }
    }

    /// What to run.
    public struct Request: Sendable {
        /// The pipeline, its defaults resolved.
        public var manifest: PipelineManifest
        /// The user's program, for a pipeline written in Swift.
        public var program: String?
        /// The values given by the user, by name; the rest take their defaults.
        public var params: [String: JSONValue]
        /// Most steps at once, unless the manifest sets its own limit.
        public var slots: Int
        /// The version of Martlet that the log is to name.
        public var martletVersion: String

        /// A request with the pipeline and the values for its parameters.
        public init(
            manifest: PipelineManifest,
            program: String? = nil,
            params: [String: JSONValue] = [:],
            slots: Int,
            martletVersion: String
        ) {
            self.manifest = manifest
            self.program = program
            self.params = params
            self.slots = slots
            self.martletVersion = martletVersion
        }
    }

    private let dependencies: Dependencies
    private let layout: ProjectLayout

    /// A service with `layout` as the place of its runs.
    public init(_ dependencies: Dependencies, layout: ProjectLayout) {
        self.dependencies = dependencies
        self.layout = layout
    }

    /// Records a new run and takes its lock; it does not start yet.
    ///
    /// - Throws: ``MartletError`` MT1015 for parameters, MT8xxx when the project cannot be written.
    public func create(_ request: Request) async throws(MartletError) -> RunExecution {
        let params = try request.manifest.resolveParameters(request.params)
        let now = dependencies.time.now
        let id = RunID(of: request.manifest.pipeline, at: now, suffix: dependencies.ids.suffix())
        let lock = try takeLock(id)
        let json = JSONText.data(request.manifest)
        let hash = SHA256.hash(data: json).map { padHex($0) }.joined()
        try await dependencies.store.keep(manifest: request.manifest, hash: hash)
        let created = RunCreated(
            pipeline: request.manifest.pipeline,
            manifestHash: hash,
            params: params,
            program: request.program,
            projectRoot: layout.root,
            martletVersion: request.martletVersion,
            slots: request.manifest.maxParallelSteps ?? request.slots
        )
        let first = RecordedEvent(sequence: 1, at: now, event: .runCreated(created))
        try await dependencies.store.append([first], to: id, expecting: 0)
        return RunExecution(
            machine: RunMachine(id: id, manifest: request.manifest, created: created),
            log: [first],
            command: .start(dependencies.executor),
            lock: lock,
            layout: layout,
            dependencies: dependencies
        )
    }

    /// Takes over a run that was interrupted; steps that have ended are not repeated.
    ///
    /// Processes that its last executor left behind are ended first.
    ///
    /// - Throws: ``MartletError`` MT2011 when there is no such run, MT2012 when it has ended, MT2013 when another
    ///   process executes it.
    public func resume(_ id: RunID) async throws(MartletError) -> RunExecution {
        let known = try await dependencies.store.events(of: id)
        guard let first = known.first, case .runCreated(let created) = first.event else {
            throw MartletError(.runNotFound, "there is no run \(id)", remedy: "see `martlet runs list`")
        }
        guard let manifest = try await dependencies.store.manifest(hash: created.manifestHash) else {
            throw MartletError(.storeDamaged, "the manifest of run \(id) is missing", remedy: "start a new run")
        }
        // Read again under the lock: another process may have gone on with the run until a moment ago.
        let lock = try takeLock(id)
        let log = try await dependencies.store.events(of: id)
        if case .runFinished(let state, _) = log.last?.event {
            throw MartletError(
                .runEnded,
                "run \(id) has ended (\(state.rawValue))",
                remedy: "start a new one with `martlet run \(created.pipeline)`"
            )
        }
        OrphanSweep.end(id)
        var machine = RunMachine(id: id, manifest: manifest, created: created)
        for recorded in log { machine.evolve(recorded.event, at: recorded.at) }
        return RunExecution(
            machine: machine,
            log: log,
            command: .resume(dependencies.executor),
            lock: lock,
            layout: layout,
            dependencies: dependencies
        )
    }

    private func takeLock(_ id: RunID) throws(MartletError) -> FileLock {
        let folder = RunLayout(layout, id)
        try FileSystem.makeFolder(folder.root)
        if let lock = try FileLock.take(folder.lock) { return lock }
        let pid = FileLock.holder(folder.lock).pid.map { " \($0)" } ?? ""
        throw MartletError(
            .runHeld,
            "run \(id) is being executed by process\(pid)",
            remedy: "follow it with `martlet runs show \(id)`, or stop that process first"
        )
    }

    private func padHex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

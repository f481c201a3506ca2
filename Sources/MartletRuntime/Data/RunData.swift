public import MartletCore
import MartletScheduling

/// The data of runs: each run works on a branch of the lake, and what its steps make is seen by others when the run has
/// succeeded, all of it at once.
public struct RunData: Sendable {
    let lake: any RunLake
    let results: any RunStore
    let time: any TimeSource
    let fingerprints: FingerprintMaker
    let git: GitFacts
    let pins: SourcePins

    /// The data of runs in `lake`, whose steps' results are found again in `results`.
    ///
    /// - Parameters:
    ///   - lake: where datasets are kept.
    ///   - results: the log of runs.
    ///   - time: tells when something is committed.
    ///   - python: the interpreter of Python steps without requirements.
    ///   - martletVersion: results of SQL steps are made by this version.
    ///   - settings: finds the variables and connections that steps ask for.
    ///   - environment: what git is started with.
    ///   - spark: what the project says of Spark.
    public init(
        lake: any RunLake,
        results: any RunStore,
        time: any TimeSource,
        python: String,
        martletVersion: String,
        settings: SettingsResolver?,
        environment: [String: String],
        spark: SparkSettings = SparkSettings()
    ) {
        self.lake = lake
        self.results = results
        self.time = time
        fingerprints = FingerprintMaker(
            python: python,
            martletVersion: martletVersion,
            settings: settings,
            spark: spark
        )
        git = GitFacts(environment: environment)
        pins = SourcePins()
    }

    /// Does the work of one attempt: finds its inputs, uses an earlier result if there is one that fits, else lets
    /// `launch` make it, and commits what it made to the run's branch.
    ///
    /// A step without datasets is launched as it is.
    func attempt(
        _ work: AttemptWork,
        launch: (AttemptLaunch) async -> AttemptOutcome
    ) async -> AttemptOutcome {
        guard work.touchesData else { return await launch(work.launch) }
        do throws(MartletError) {
            let base = try await lake.open(work.run, from: work.target)
            var inputs: [ReadInput] = []
            for input in work.inputs { inputs.append(try await read(input, of: work, base: base)) }
            var changed = work.launch
            for input in inputs {
                changed.context.inputs[input.name]?.path = input.path
                if input.versions.count == 1 { changed.context.inputs[input.name]?.version = input.versions[0] }
            }
            var cache = try await look(for: work, inputs)
            if let earlier = cache.earlier {
                if let outcome = try await reuse(earlier, for: work, inputs, cache) { return outcome }
                cache.reason = "the lake has lost what \(earlier.source.run) made"
            }
            var outcome = await launch(changed)
            // A verdict is worth something for exactly the data it was made on.
            outcome.verdict?.data = inputs.flatMap(\.versions)
            if outcome.result == .success, !outcome.outputs.isEmpty {
                outcome.outputs = try await commit(outcome.outputs, of: work, inputs)
            }
            outcome.fingerprint = outcome.result == .success ? cache.fingerprint : nil
            outcome.ranBecause = cache.reason
            return outcome
        } catch {
            return AttemptOutcome(Task.isCancelled ? .cancelled : .failed, error: error)
        }
    }

    /// Publishes what the run has made.
    func publish(_ request: PublishRequest) async -> Result<Publication, MartletError> {
        do throws(MartletError) {
            let commit = try await lake.publish(
                request.run,
                to: request.target.target,
                replacing: request.target.conflicts == .replace,
                parts: request.parts,
                message: "Publish \(request.run)",
                origin: await origin(of: request),
                at: time.now
            )
            return .success(
                Publication(
                    branch: .of(request.run),
                    target: request.target.target,
                    commit: commit,
                    datasets: request.writings
                )
            )
        } catch {
            return .failure(error)
        }
    }

    /// Lets go of what is kept for a run that has ended; the branch of one that was not published stays, as evidence.
    func end(_ run: RunID, in folder: String, isPublished: Bool) async {
        await pins.forget(run, in: folder)
        // A branch that stays by accident is removed with the garbage.
        if isPublished { try? await lake.close(run) }
    }

    private func origin(of request: PublishRequest) async -> RunOrigin {
        RunOrigin(
            id: request.run,
            pipeline: request.pipeline,
            code: await git.version(manifest: request.manifestHash, root: request.root),
            params: request.params,
            verdicts: request.verdicts
        )
    }
}

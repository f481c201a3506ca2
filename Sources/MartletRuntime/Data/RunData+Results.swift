import Foundation
import MartletCore

// What an attempt makes, and what an earlier one has made already.
extension RunData {
    /// What was found out about earlier results.
    struct Search: Sendable {
        /// What the step depends on; nil when its results are never used again.
        var fingerprint: StepFingerprint?
        /// A result that fits.
        var earlier: StepResult?
        /// Why there is none; nil where the question makes no sense.
        var reason: String?
    }

    func look(for work: AttemptWork, _ inputs: [ReadInput]) async throws(MartletError) -> Search {
        let step = work.launch.step
        let isCheck = if case .check = step.action { true } else { false }
        // What a topic holds is not among the inputs, and what goes to one is not among the outputs.
        let isLive = if case .stream(let action) = step.action { action.isLive } else { false }
        // What a suite says of the same data is the same.
        let isAsked = step.cache?.isEnabled ?? (isCheck || !step.outputs.isEmpty && !isLive)
        // A step that makes no data is run for its effects.
        guard isAsked else { return Search(reason: step.cache?.isEnabled == false ? "cache: false" : nil) }
        if step.inputs.isEmpty, step.cache?.isEnabled != true {
            return Search(reason: "it has no inputs that could be unchanged")
        }
        if inputs.contains(where: \.versions.isEmpty) { return Search(reason: "an input is not in the lake") }
        let fingerprint: StepFingerprint
        do throws(MartletError) {
            fingerprint = try await fingerprints.fingerprint(of: work, inputs)
        } catch {
            // What is wrong with the step its launch will say.
            return Search(reason: error.message)
        }
        if !work.mayReuse { return Search(fingerprint: fingerprint, reason: work.refusal) }
        if let earlier = try await results.result(for: fingerprint.key) {
            return Search(fingerprint: fingerprint, earlier: earlier)
        }
        let last = try await results.lastResult(of: work.launch.context.pipeline, step: work.step)
        guard let before = last?.outcome.fingerprint else {
            return Search(fingerprint: fingerprint, reason: "it has no earlier result")
        }
        let differences = fingerprint.differences(from: before)
        let shown = differences.prefix(3).joined(separator: ", ")
        let rest = differences.count > 3 ? " and \(differences.count - 3) more" : ""
        return Search(fingerprint: fingerprint, reason: shown + rest)
    }

    /// Puts an earlier result on the run's branch; nil when the lake has it no more.
    func reuse(
        _ earlier: StepResult,
        for work: AttemptWork,
        _ inputs: [ReadInput],
        _ search: Search
    ) async throws(MartletError) -> AttemptOutcome? {
        var writings: [LakeWriting] = []
        for output in earlier.outcome.outputs {
            guard let commit = output.commit, let digest = output.digest else { return nil }
            let part = work.isMapped ? earlier.source.step.index : nil
            guard await version(of: output.dataset, part, at: commit)?.digest == digest else { return nil }
            writings.append(
                LakeWriting(dataset: output.dataset, source: .commit(commit), format: output.format, part: part)
            )
        }
        var outcome = AttemptOutcome(.success, values: earlier.outcome.values, metrics: earlier.outcome.metrics)
        outcome.outputs = earlier.outcome.outputs
        outcome.verdict = earlier.outcome.verdict
        outcome.fingerprint = search.fingerprint
        outcome.reused = earlier.source
        if !writings.isEmpty {
            let message = "\(work.step): as made by \(earlier.source.run)"
            let origin = await origin(of: work, inputs)
            let head: ObjectID
            do throws(MartletError) {
                head = try await lake.commit(writings, to: work.run, message: message, origin: origin, at: time.now)
                    .head
            } catch  where Self.isLoss(error) {
                return nil
            }
            for index in outcome.outputs.indices { outcome.outputs[index].commit = head }
        }
        try note(earlier.source, in: work.launch.directory)
        return outcome
    }

    /// A dataset in a commit that may be gone; nil when it is.
    private func version(of dataset: DatasetID, _ part: Int?, at commit: ObjectID) async -> LakeDataset? {
        (try? await lake.version(of: dataset, part: part, at: commit)) ?? nil
    }

    /// Whether the lake has lost something since, which then is made again.
    private static func isLoss(_ error: MartletError) -> Bool {
        [.objectMissing, .objectDamaged, .datasetNotInLake].contains(error.code)
    }

    /// Commits what an attempt wrote.
    func commit(
        _ outputs: [DatasetOutput],
        of work: AttemptWork,
        _ inputs: [ReadInput]
    ) async throws(MartletError) -> [DatasetOutput] {
        var stamps: [String?] = []
        // Before the files are read: one that changes meanwhile will not fit its stamp.
        for output in outputs { stamps.append(await lake.stamp(of: output.path)) }
        let writings = outputs.map {
            LakeWriting(
                dataset: $0.dataset,
                source: .path($0.path),
                format: $0.format,
                part: work.isMapped ? work.step.index : nil
            )
        }
        let done = try await lake.commit(
            writings,
            to: work.run,
            message: "\(work.step): \(outputs.map(\.dataset.rawValue).joined(separator: ", "))",
            origin: await origin(of: work, inputs),
            at: time.now
        )
        var committed = outputs
        for index in outputs.indices {
            committed[index].commit = done.head
            committed[index].digest = done.datasets[index].digest
            committed[index].stamp = stamps[index]
        }
        return committed
    }

    private func origin(of work: AttemptWork, _ inputs: [ReadInput]) async -> RunOrigin {
        let context = work.launch.context
        return RunOrigin(
            id: work.run,
            pipeline: context.pipeline,
            step: work.step,
            attempt: context.attempt,
            code: await git.version(manifest: work.manifestHash, root: context.project),
            params: context.params,
            environment: await fingerprints.environment(of: work),
            inputs: inputs.flatMap(\.versions)
        )
    }

    /// Leaves a log for an attempt that had no process.
    private func note(_ source: ReusedAttempt, in directory: String) throws(MartletError) {
        let layout = AttemptLayout(root: directory)
        try FileSystem.makeFolder(layout.root)
        let text = "nothing was run: attempt \(source.attempt) of \(source.step) in run \(source.run) made the same\n"
        try FileSystem.create(layout.log, Array(text.utf8))
    }
}

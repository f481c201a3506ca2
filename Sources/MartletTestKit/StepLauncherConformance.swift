public import MartletCore
import Testing

/// What every launcher does, whether it runs processes or none.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum StepLauncherConformance: String, CaseIterable, Sendable {
    case endsInSuccess
    case tellsTheExitCode
    case skipsByItsExitCodes
    case namesAProgramThatIsNotThere
    case refusesAMissingInput
    case endsWhenItsTaskIsCancelled

    /// Checks the behaviour of `launcher`, which may write below `folder`.
    ///
    /// - Throws: when something that the check itself needs fails.
    public func check(_ launcher: some StepLauncher, in folder: String) async throws {
        switch self {
        case .endsInSuccess:
            let outcome = await launch("exit 0", launcher, folder)
            #expect(outcome.result == .success && outcome.exitCode == 0 && outcome.error == nil)
        case .tellsTheExitCode:
            let outcome = await launch("exit 7", launcher, folder)
            #expect(outcome.result == .failed && outcome.exitCode == 7)
            #expect(outcome.error?.code == .exitCode && outcome.retryable)
        case .skipsByItsExitCodes:
            #expect(await launch("exit 99", launcher, folder).result == .skipped)
            #expect(await launch("exit 98", launcher, folder).result == .failed)
        case .namesAProgramThatIsNotThere:
            let outcome = await launch(action: CommandAction(arguments: ["/not/there"]), launcher, folder)
            #expect(outcome.result == .failed && outcome.error?.code == .launchFailed)
            #expect(outcome.error?.message.contains("/not/there") == true)
        case .refusesAMissingInput:
            let missing = StepContextDocument.Dataset(dataset: DatasetID(trusted: "d"), path: "", format: nil)
            let outcome = await launch("exit 0", launcher, folder, inputs: ["d": missing])
            #expect(outcome.error?.code == .inputMissing && !outcome.retryable)
        case .endsWhenItsTaskIsCancelled:
            let task = Task { await launch("sleep 600", launcher, folder) }
            task.cancel()
            #expect(await task.value.result == .cancelled)
        }
    }

    private func launch(
        _ line: String,
        _ launcher: some StepLauncher,
        _ folder: String,
        inputs: [String: StepContextDocument.Dataset] = [:]
    ) async -> AttemptOutcome {
        await launch(action: CommandAction(arguments: ["/bin/sh", "-c", line]), launcher, folder, inputs: inputs)
    }

    private func launch(
        action: CommandAction,
        _ launcher: some StepLauncher,
        _ folder: String,
        inputs: [String: StepContextDocument.Dataset] = [:]
    ) async -> AttemptOutcome {
        let step = StepManifest(id: StepID(trusted: "s"), action: .command(action))
        let context = StepContextDocument(
            runID: RunID(trusted: "p-1"),
            pipeline: PipelineID(trusted: "p"),
            step: step.id,
            attempt: 1,
            startedAt: Timestamp(microseconds: 0),
            project: folder,
            workDirectory: "\(folder)/work",
            inputs: inputs
        )
        let place = "\(folder)/\(rawValue)"
        return await launcher.launch(AttemptLaunch(context: context, step: step, program: nil, directory: place)) { _ in
        }
    }
}

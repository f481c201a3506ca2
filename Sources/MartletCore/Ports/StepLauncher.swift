/// Runs one attempt of a step to its end, wherever that is: a child process here, a pod or a job elsewhere.
public protocol StepLauncher: Sendable {
    /// Launches the attempt and waits for its end.
    ///
    /// Cancelling the calling task ends the attempt: politely first, by force after the grace period. A failed
    /// attempt is a result, not an error.
    ///
    /// - Parameters:
    ///   - launch: the attempt.
    ///   - report: called with each message as it arrives.
    /// - Returns: how the attempt ended, and what it reported.
    func launch(
        _ launch: AttemptLaunch,
        report: @escaping @Sendable (StepMessage) -> Void
    ) async -> AttemptOutcome
}

/// All that a launcher needs to know of an attempt.
public struct AttemptLaunch: Sendable {
    /// What the attempt is told: its run, its inputs and where to write.
    public var context: StepContextDocument
    /// The step as its pipeline defines it.
    public var step: StepManifest
    /// Where to find the user's program, for a Swift step.
    public var program: String?
    /// The folder of this attempt's log, messages, outputs and scratch space.
    public var directory: String
    /// The variables and connections that the step asks for; the launcher finds them when the attempt starts.
    public var settings: SettingsRequest

    /// A launch with its own `directory`; `program` is nil for a pipeline not written in Swift.
    public init(
        context: StepContextDocument,
        step: StepManifest,
        program: String?,
        directory: String,
        settings: SettingsRequest = SettingsRequest()
    ) {
        self.context = context
        self.step = step
        self.program = program
        self.directory = directory
        self.settings = settings
    }
}

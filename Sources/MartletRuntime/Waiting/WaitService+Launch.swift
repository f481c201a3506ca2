public import MartletCore
import MartletScheduling

extension WaitService {
    /// Starts the wait of an attempt: asks for its settings, fills in its templates, and looks.
    ///
    /// - Parameters:
    ///   - launch: the attempt; its step waits or asks.
    ///   - instance: the step, or the copy of a mapped one.
    ///   - times: those of the run.
    ///   - startedAt: when the attempt began to wait; the same again after a restart.
    ///   - settings: finds the variables and connections that the step asks for.
    ///   - resolve: told once how the wait ended, unless it is cancelled; called from any thread, and has to be quick.
    public func start(
        _ launch: AttemptLaunch,
        of instance: InstanceID,
        times: WaitTimes,
        startedAt: Timestamp,
        settings: SettingsResolver?,
        resolve: @escaping @Sendable (WaitResolution) -> Void
    ) {
        let key = WaitKey(launch.context.runID, instance, attempt: launch.context.attempt)
        start(
            key,
            prepare: { () async throws(MartletError) in
                let known =
                    launch.settings.isEmpty
                    ? nil : try await settings?.resolve(launch.settings, for: launch.step.id)
                do throws(MartletError) {
                    return try WaitRequest(launch, of: instance, times, startedAt, known ?? ResolvedSettings())
                } catch {
                    throw SecretMask(known?.secrets ?? [])?.masked(error) ?? error
                }
            },
            resolve: resolve
        )
    }
}

extension WaitRequest {
    fileprivate init(
        _ launch: AttemptLaunch,
        of instance: InstanceID,
        _ times: WaitTimes,
        _ startedAt: Timestamp,
        _ settings: ResolvedSettings
    ) throws(MartletError) {
        switch launch.step.action {
        case .wait(let action):
            try self.init(
                action,
                of: instance,
                in: launch.context,
                settings: settings,
                times: times,
                startedAt: startedAt
            )
        case .approve(let action):
            try self.init(action, of: instance, in: launch.context, settings: settings, startedAt: startedAt)
        default:
            throw MartletError(
                .internalFault,
                "\(launch.step.action.kind) step \(instance) does not wait",
                remedy: "please report this"
            )
        }
    }
}
